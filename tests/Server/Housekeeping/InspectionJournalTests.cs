using System.Text;
using Sekisho.Housekeeping;

namespace Sekisho.Server.Tests.Housekeeping;

public sealed class InspectionJournalTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("sekisho-journal-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public void ALetterIsBlamedForEveryDeathDuringItsInspection()
    {
        for (var deaths = 0; deaths < 3; deaths++)
        {
            using var journal = new InspectionJournal(_home);
            using var innocent = Letter("innocent");
            using (journal.Begin(innocent))
            {
            }

            using var deadly = Letter("deadly");
            Assert.Equal(deaths, journal.Begin(deadly).Deaths); // not disposed: the process dies here
        }

        using var last = new InspectionJournal(_home);
        using var again = Letter("innocent");
        Assert.Equal(0, last.Begin(again).Deaths);
        Assert.Equal(0, again.Position);
    }

    [Fact]
    public void MoreLettersThanSlotsAreInspectedAllTheSame()
    {
        using var journal = new InspectionJournal(_home);
        for (var i = 0; i < 5000; i++)
        {
            using var letter = Letter($"{i}");
            Assert.Equal(0, journal.Begin(letter).Deaths);
        }
    }

    private static MemoryStream Letter(string text) => new(Encoding.ASCII.GetBytes(text));
}
