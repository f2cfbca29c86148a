using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Takes off the wrappers that mail scanners and web sites put around an address, where the address can be read from them.</summary>
internal static class Redirectors
{
    /// <summary>Host (or the domain it ends in), a part of the path, and the parameters that hold the address. A new one is one line here.</summary>
    private static readonly (string Host, string Path, string[] Parameters)[] ByParameter =
    [
        ("safelinks.protection.outlook.com", "/", ["url"]),
        ("statics.teams.cdn.office.net", "/evergreen-assets/safelinks", ["url"]),
        ("urldefense.proofpoint.com", "/v1/url", ["u"]),
        ("linkprotect.cudasvc.com", "/url", ["a"]),
        ("ctp.trendmicro.com", "/", ["url"]),
        ("clicktime.symantec.com", "/", ["u"]),
        ("l.facebook.com", "/l.php", ["u"]),
        ("lm.facebook.com", "/l.php", ["u"]),
        ("youtube.com", "/redirect", ["q"]),
        ("linkedin.com", "/redir", ["url"]),
        ("slack-redir.net", "/link", ["url"]),
        ("duckduckgo.com", "/l/", ["uddg"]),
        ("googleadservices.com", "/pagead", ["adurl"]),
        ("doubleclick.net", "/", ["adurl", "ds_dest_url"]),
        ("steamcommunity.com", "/linkfilter", ["u", "url"]),
        ("vk.com", "/away.php", ["to"]),
        ("line.me", "/redirect", ["url"]),
    ];

    /// <summary>The address inside; null where this is no wrapper that is known.</summary>
    /// <param name="host">The wrapper's host, normalised.</param>
    /// <param name="target">The wrapper's address, normalised.</param>
    public static string? Unwrap(string host, string target)
    {
        var slash = target.IndexOf('/', target.IndexOf("://", StringComparison.Ordinal) is >= 0 and var at ? at + 3 : 0);
        if (slash < 0 || host.Length == 0)
        {
            return null;
        }

        var path = target[slash..];
        if (IsGoogle(host))
        {
            return path.StartsWith("/url?", StringComparison.OrdinalIgnoreCase) ? Parameter(path, "q") ?? Parameter(path, "url")
                : path.StartsWith("/amp/s/", StringComparison.OrdinalIgnoreCase) ? "https://" + path[7..]
                : path.StartsWith("/amp/", StringComparison.OrdinalIgnoreCase) ? "http://" + path[5..] : null;
        }

        if (host is "urldefense.proofpoint.com" or "urldefense.com" or "urldefense.us")
        {
            return path.StartsWith("/v2/", StringComparison.Ordinal) && Parameter(path, "u", decode: false) is { } second
                ? LinkTargets.Percent(second.Replace('-', '%').Replace('_', '/'), everything: true)
                : path.StartsWith("/v3/__", StringComparison.Ordinal) ? Third(path[6..]) : Parameter(path, "u");
        }

        if (Ends(host, "bing.com") && path.StartsWith("/ck/", StringComparison.Ordinal) && Parameter(path, "u") is { Length: > 2 } bing && bing.StartsWith("a1", StringComparison.Ordinal))
        {
            return FromBase64(bing[2..]);
        }

        if (Ends(host, "protection.sophos.com") && Parameter(path, "u") is { } sophos)
        {
            return FromBase64(sophos);
        }

        if (host == "secure-web.cisco.com" && path.LastIndexOf("/http", StringComparison.OrdinalIgnoreCase) is > 0 and var cisco)
        {
            return LinkTargets.Percent(path[(cisco + 1)..], everything: true);
        }

        if (Ends(host, "search.yahoo.com") && path.IndexOf("/RU=", StringComparison.Ordinal) is >= 0 and var yahoo)
        {
            var rest = path[(yahoo + 4)..];
            var end = rest.IndexOf('/', StringComparison.Ordinal);
            return LinkTargets.Percent(end < 0 ? rest : rest[..end], everything: true);
        }

        foreach (var (name, part, parameters) in ByParameter)
        {
            if (Ends(host, name) && path.StartsWith(part, StringComparison.OrdinalIgnoreCase))
            {
                foreach (var parameter in parameters)
                {
                    if (Parameter(path, parameter) is { } inner)
                    {
                        return inner;
                    }
                }
            }
        }

        return null;
    }

    private static bool IsGoogle(string host) =>
        host.StartsWith("www.google.", StringComparison.Ordinal) || host.StartsWith("google.", StringComparison.Ordinal) || host.StartsWith("maps.google.", StringComparison.Ordinal);

    private static bool Ends(string host, string name) =>
        host.EndsWith(name, StringComparison.Ordinal) && (host.Length == name.Length || host[^(name.Length + 1)] is '.' or '-');

    private static string? Parameter(string path, string name, bool decode = true)
    {
        var query = path.IndexOf('?', StringComparison.Ordinal);
        if (query < 0)
        {
            return null;
        }

        foreach (var pair in path[(query + 1)..].Split('&', 50))
        {
            var key = pair.StartsWith("amp;", StringComparison.Ordinal) ? pair[4..] : pair;
            if (key.Length > name.Length + 1 && key[name.Length] == '=' && key.StartsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                return decode ? LinkTargets.Percent(key[(name.Length + 1)..], everything: true) : key[(name.Length + 1)..];
            }
        }

        return null;
    }

    /// <summary>Proofpoint's third form: <c>__address__;characters!…</c>, where <c>*</c> stands for the next character and <c>**A</c> for a run of two and more.</summary>
    private static string? Third(string rest)
    {
        var end = rest.IndexOf("__;", StringComparison.Ordinal);
        if (end < 0)
        {
            return null;
        }

        var address = rest[..end];
        var stop = rest.IndexOf('!', end);
        var characters = FromBase64(rest[(end + 3)..(stop < 0 ? rest.Length : stop)]) ?? "";
        var plain = new StringBuilder(address.Length);
        var used = 0;
        for (var i = 0; i < address.Length; i++)
        {
            if (address[i] != '*')
            {
                plain.Append(address[i]);
                continue;
            }

            var run = 1;
            if (i + 2 < address.Length && address[i + 1] == '*')
            {
                run = RunLength(address[i + 2]);
                i += 2;
            }

            var take = Math.Min(run, characters.Length - used);
            plain.Append(characters, used, take);
            used += take;
        }

        return plain.ToString();
    }

    private static int RunLength(char c) => 2 + (c switch
    {
        >= 'A' and <= 'Z' => c - 'A',
        >= 'a' and <= 'z' => c - 'a' + 26,
        >= '0' and <= '9' => c - '0' + 52,
        '-' => 62,
        _ => 63,
    });

    private static string? FromBase64(string text)
    {
        var plain = text.Replace('-', '+').Replace('_', '/').TrimEnd('=');
        return plain.Length == 0 ? null : Encoding.UTF8.GetString(LenientBase64.Decode(Encoding.ASCII.GetBytes(plain), stopAtPadding: true));
    }
}
