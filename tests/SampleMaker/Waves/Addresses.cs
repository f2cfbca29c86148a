namespace Sekisho.SampleMaker.Waves;

/// <summary>Addresses shaped as the 1,734 counted download addresses were, all under hosts that exist nowhere.</summary>
internal static class Addresses
{
    private static readonly string[] Machinery = ["wp-admin", "wp-content", "wp-includes", "cgi-bin", "css", "images", "assets", "aspnet_client"];

    /// <summary>As documents named them: a third leads into a site's machinery, nearly all end in a slash.</summary>
    public static string Dropped(Chance c) => $"{c.Pick("http", "https")}://{c.Host()}/{(c.Percent(36) ? c.Pick(Machinery) : c.Pick(c.Word(), c.Letters(c.Number(3, 8)), "blog", "old", "new"))}/{c.Code(c.Number(2, 20))}{(c.Percent(94) ? "/" : "")}";

    /// <summary>As mails linked to documents on hacked WordPress sites (2018 to 2020): always into the machinery, often with a word of the lure's.</summary>
    public static string Linked(Chance c) => c.Number(0, 3) switch
    {
        0 => $"http://{c.Host()}/{c.Pick("wp-admin", "wp-content", "wp-includes")}/{c.Code(c.Number(5, 20))}/",
        1 => $"https://{c.Host()}/{c.Pick("wp-content", "wp-includes")}/{c.Pick("uploads", "plugins", "themes", "js", "css")}/{c.Code(c.Number(6, 14))}/",
        2 => $"http://{c.Host()}/{c.Pick("wp-admin", "wp-includes", "cgi-bin")}/{c.Pick("Document", "INVOICE", "sites", "FILE", "LLC", "payment", "DOC", "Overview")}/{c.Code(c.Number(8, 16))}/",
        _ => $"http://{c.Host()}/{c.Pick("wp-content", "wp-admin")}/{c.Pick("INC", "docs", "attachments", "parts_service")}/{c.Letters(c.Number(3, 6))}{c.Digits(c.Number(3, 9))}/",
    };
}
