using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Tests.Messages;

public class PasswordSearchTests
{
    [Fact]
    public void SlowTries_AreBoundedForAWholeLetter()
    {
        var search = new PasswordSearch(["given"], TimeProvider.System);
        var budget = new ReadBudget(TimeProvider.System, TimeSpan.FromMinutes(1), 1 << 20);
        var tries = new List<string>();
        bool Fits(string password)
        {
            tries.Add(password);
            return false;
        }

        for (var archive = 0; archive < 200; archive++)
        {
            Assert.Null(search.Find(Fits, budget, isSlow: true));
        }

        Assert.Equal(200, tries.Count(t => t == "given"));
        Assert.InRange(tries.Count, 200 + 30, 200 + PasswordSearch.MaxSlowOfListInAll);
    }

    [Fact]
    public void WhatOpenedOne_IsTriedOnTheNextFirst()
    {
        var search = new PasswordSearch(["other", "right"], TimeProvider.System);
        var budget = new ReadBudget(TimeProvider.System, TimeSpan.FromMinutes(1), 1 << 20);
        Assert.Equal("right", search.Find(p => p == "right", budget, isSlow: true)?.Text);
        var tries = new List<string>();

        search.Find(p => { tries.Add(p); return p == "right"; }, budget, isSlow: true);

        Assert.Equal(["right"], tries);
    }

    [Fact]
    public void ListInForce_TakesThePlaceOfTheOneBroughtAlong()
    {
        var budget = new ReadBudget(TimeProvider.System, TimeSpan.FromMinutes(1), 1 << 20);

        Assert.Equal("infected", new PasswordSearch([], TimeProvider.System).Find(p => p == "infected", budget, isSlow: false)?.Text);
        var own = new PasswordSearch([], TimeProvider.System, [" Own One", "own one"]);
        Assert.Null(own.Find(p => p == "infected", budget, isSlow: false));
        Assert.Equal(new FoundPassword("own one", PasswordSource.Usual), own.Find(p => p == "own one", budget, isSlow: true));
        Assert.Equal(" Own One", new PasswordSearch([], TimeProvider.System, [" Own One"]).Find(p => p == " Own One", budget, isSlow: false)?.Text);
    }
}
