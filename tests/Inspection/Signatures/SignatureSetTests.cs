using Sekisho.Inspection.Signatures;

namespace Sekisho.Inspection.Tests.Signatures;

public class SignatureSetTests
{
    [Fact]
    public void Shipped_LiesBesideTheProgram()
    {
        Assert.NotEmpty(SignatureSet.Shipped.List("passwords").Entries);
        Assert.Empty(SignatureSet.Shipped.Faults);
    }

    [Fact]
    public void Load_LeavesOutWhatCannotBeRead_AndSaysSo()
    {
        var folder = Directory.CreateTempSubdirectory("sekisho-signatures-");
        try
        {
            var lists = folder.CreateSubdirectory("lists").FullName;
            File.WriteAllBytes(Path.Combine(lists, "broken.txt"), [0xFF, 0x80, 0x81]);
            File.WriteAllText(Path.Combine(lists, "bait.txt"), "請求書\n");
            var set = SignatureSet.Load([Path.Combine(folder.FullName, "none"), folder.FullName]);
            Assert.Equal("請求書", set.List("bait").FirstIn("至急:請求書の件"));
            Assert.Equal("broken.txt", Path.GetFileName(Assert.Single(set.Faults).File));
            Assert.Empty(set.List("unheard-of").Entries);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void PasswordsAreKeptAsTheyStand_AndThoseOfALaterFolderAreInForce()
    {
        var home = Directory.CreateTempSubdirectory("sekisho-passwords-").FullName;
        try
        {
            Assert.Contains("infected", SignatureSet.Shipped.Passwords!);
            Assert.Null(SignatureSet.Load([home]).Passwords);
            Directory.CreateDirectory(Path.Combine(home, "lists"));
            File.WriteAllText(Path.Combine(home, "lists", "passwords.txt"), "# ours\nＡbc #1\nPass\npass\n");
            Assert.Equal(["Ａbc #1", "Pass", "pass"], SignatureSet.Load([Path.Combine(AppContext.BaseDirectory, "signatures"), home]).Passwords);
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }
}
