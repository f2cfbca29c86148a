using System.Text;

namespace Sekisho.Inspection.Tests.Formats;

public class SlkWorkbookTests
{
    [Fact]
    public void MacroSheet_IsReadAndFollowed()
    {
        using var message = Letters.OpenDocument("a.slk", Encoding.ASCII.GetBytes("ID;P\r\nO;E\r\nNN;NAuto_open;ER101C1;KOut Flank;F\r\nC;X1;Y101;EEXEC(R[1]C[1]&\".exe;;x\")\r\nC;X2;Y102;K\"calc\"\r\nC;X1;Y102;EHALT()\r\nE\r\n"));

        Assert.Equal("EXEC(\"calc.exe;x\") at Macro1!A101", Assert.Single(message.Parts[0].Xlm!.Actions).ToString());
        Assert.True(message.Parts[0].Xlm!.Actions[0].IsAutomatic);
    }

    [Fact]
    public void OrdinarySheet_HasNone()
    {
        using var message = Letters.OpenDocument("a.slk", "ID;PWXL;N;E\r\nO;L;D\r\nC;Y1;X1;K1\r\nE\r\n"u8.ToArray());

        Assert.Null(message.Parts[0].Xlm);
    }
}
