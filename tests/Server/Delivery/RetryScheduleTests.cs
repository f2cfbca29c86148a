using Sekisho.Delivery;

namespace Sekisho.Server.Tests.Delivery;

public sealed class RetryScheduleTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void TheDefaultWaitsAndThenEachHour()
    {
        var schedule = new RetrySchedule([], TimeSpan.FromDays(5));
        int[] minutes = [1, 5, 10, 30, 60, 60, 60];
        for (var i = 0; i < minutes.Length; i++)
        {
            var wait = schedule.Next(i + 1, Start, Start, false)!.Value - Start;
            Assert.InRange(wait.TotalMinutes, minutes[i], minutes[i] == 1 ? 1 : minutes[i] * 1.1);
        }
    }

    [Fact]
    public void TheLastAttemptFallsOnTheEnd()
    {
        var schedule = new RetrySchedule([TimeSpan.FromHours(2)], TimeSpan.FromHours(5));
        Assert.Equal(Start.AddHours(5), schedule.Next(3, Start, Start.AddHours(4), false));
        Assert.Null(schedule.Next(4, Start, Start.AddHours(5), false));
    }

    [Fact]
    public void TimeInQuarantineDoesNotCount()
    {
        var schedule = new RetrySchedule([TimeSpan.FromMinutes(1), TimeSpan.FromHours(1)], TimeSpan.FromHours(3));
        var released = Start.AddDays(20);
        Assert.NotNull(schedule.Next(1, Start, released, true));
        Assert.NotNull(schedule.Next(4, Start, released, true));
        Assert.Null(schedule.Next(5, Start, released, true));
    }
}
