using System.IO.Compression;
using System.Text;

namespace Sekisho.SampleMaker;

/// <summary>Feeds of indicators as their makers write them, with invented values: hosts under .example and .invalid, addresses of RFC 5737.</summary>
public static class FeedSamples
{
    public const string Md5 = "00112233445566778899aabbccddeeff";
    public const string Sha1 = "0123456789abcdef0123456789abcdef01234567";
    public const string Sha256 = "00112233445566778899aabbccddeeff00112233445566778899aabbccddee01";

    public const string Own = "# our own\nkind,value,source,first_seen,expires,reference,tags\n"
        + "sha256," + Sha256 + ",hospital,2022-03-14,,https://wiki.hospital.example/1,emotet\n"
        + "url,hxxp://bad[.]example/wp-content/aB3x/,hospital,2022-03-15 08:00:00,2030-01-01,,\n"
        + "domain,evil.example,hospital,,,,\n"
        + "email,Hacked@Partner.Example,hospital,2022-03-01,,,\n"
        + "ip:port,192.0.2.9:8080,hospital,2022-03-01,,,\n"
        + "ip,198.51.100.7,hospital,2022-03-01,,,\n"
        + "subject,\"RE: 請求書, 至急\",hospital,2022-03-01,,,\n";

    public const string UrlhausCsv = "################\n# abuse.ch URLhaus Database Dump (CSV)\n#\n# id,dateadded,url,url_status,last_online,threat,tags,urlhaus_link,reporter\r\n"
        + "\"1\",\"2023-03-07 10:11:12\",\"http://shop.invalid/wp-admin/x1Y2/\",\"online\",\"2023-03-08 00:00:00\",\"malware_download\",\"emotet,epoch4,heodo\",\"https://urlhaus.abuse.ch/url/1/\",\"somebody\"\r\n"
        + "\"2\",\"2023-03-07 10:11:13\",\"http://192.0.2.77:8080/i\",\"offline\",\"\",\"malware_download\",\"mozi\",\"https://urlhaus.abuse.ch/url/2/\",\"somebody\"\r\n";

    public const string UrlhausText = "# URLhaus plain-text URL list\n# Last updated: 2023-03-07\nhttp://shop.invalid/wp-admin/x1Y2/\nhttp://192.0.2.77:8080/i\n";

    public const string ThreatFoxCsv = "# ThreatFox IOCs: recent - CSV format\n# \"first_seen_utc\",\"ioc_id\",\"ioc_value\",\"ioc_type\",\"threat_type\",\"fk_malware\",\"malware_alias\",\"malware_printable\",\"last_seen_utc\",\"confidence_level\",\"is_compromised\",\"reference\",\"tags\",\"anonymous\",\"reporter\"\n"
        + "\"2023-03-07 10:00:00\", \"11\", \"192.0.2.50:7080\", \"ip:port\", \"botnet_cc\", \"win.emotet\", \"Geodo,Heodo\", \"Emotet\", \"None\", \"100\", \"0\", \"None\", \"epoch5\", \"0\", \"someone\"\n"
        + "\"2023-03-07 10:00:01\", \"12\", \"" + Sha1 + "\", \"sha256_hash\", \"payload\", \"win.emotet\", \"None\", \"Emotet\", \"None\", \"75\", \"0\", \"https://bazaar.example/s\", \"None\", \"0\", \"someone\"\n"
        + "\"2023-03-07 10:00:02\", \"13\", \"hacked.example\", \"domain\", \"payload_delivery\", \"win.emotet\", \"None\", \"Emotet\", \"None\", \"75\", \"1\", \"None\", \"None\", \"0\", \"someone\"\n"
        + "# Number of entries: 3\n";

    public const string ThreatFoxCsvOld = "# \"first_seen_utc\",\"ioc_id\",\"ioc_value\",\"ioc_type\",\"threat_type\",\"fk_malware\",\"malware_alias\",\"malware_printable\",\"last_seen_utc\",\"confidence_level\",\"reference\",\"tags\",\"anonymous\",\"reporter\"\n"
        + "\"2021-11-15 10:00:00\", \"11\", \"evil.example\", \"domain\", \"botnet_cc\", \"win.emotet\", \"None\", \"Emotet\", \"None\", \"100\", \"https://report.example/r\", \"epoch4\", \"0\", \"someone\"\n";

    public const string ThreatFoxJson = """
        {"11":[{"ioc_value":"192.0.2.50:7080","ioc_type":"ip:port","threat_type":"botnet_cc","malware":"win.emotet","malware_alias":null,"malware_printable":"Emotet",
          "first_seen_utc":"2023-03-07 10:00:00","last_seen_utc":null,"confidence_level":100,"is_compromised":false,"reference":null,"tags":"epoch5","anonymous":"0","reporter":"x"}],
         "12":[{"ioc_value":"http://bad.invalid/a","ioc_type":"url","threat_type":"payload_delivery","malware":"win.emotet","malware_printable":"Emotet","first_seen_utc":"2023-03-07 10:00:00","is_compromised":true,"tags":null}]}
        """;

    public const string FeodoCsv = "# Feodo Tracker Botnet C2 IP Blocklist\n#\n\"first_seen_utc\",\"dst_ip\",\"dst_port\",\"c2_status\",\"last_online\",\"malware\"\n\"2022-03-04 05:06:07\",\"192.0.2.60\",\"8080\",\"offline\",\"2022-05-01\",\"Emotet\"\n# END 1 entries\n";

    public const string FeodoJson = "[{\"ip_address\":\"192.0.2.60\",\"port\":8080,\"status\":\"offline\",\"hostname\":null,\"as_number\":64500,\"as_name\":\"X\",\"country\":\"JP\",\"first_seen\":\"2022-03-04 05:06:07\",\"last_online\":\"2022-05-01\",\"malware\":\"Emotet\"}]";

    public const string BazaarCsv = "# MalwareBazaar recent malware samples (CSV)\n# \"first_seen_utc\",\"sha256_hash\",\"md5_hash\",\"sha1_hash\",\"reporter\",\"file_name\",\"file_type_guess\",\"mime_type\",\"signature\",\"clamav\",\"vtpercent\",\"imphash\"\n"
        + "\"2023-03-07 11:00:00\", \"" + Sha256 + "\", \"" + Md5 + "\", \"" + Sha1 + "\", \"r\", \"INVOICE.doc\", \"doc\", \"application/msword\", \"Heodo\", \"n/a\", \"n/a\", \"n/a\", \"3:abc\", \"T1AA\"\n"
        + "\"2023-03-07 11:00:01\", \"" + "f" + Sha256Tail + "\", \"n/a\", \"n/a\", \"r\", \"a, \"\"b\"\".doc\", \"doc\", \"x\", \"n/a\", \"n/a\", \"n/a\", \"n/a\", \"n/a\", \"n/a\"\n";

    private const string Sha256Tail = "0112233445566778899aabbccddeeff00112233445566778899aabbccddee01";

    public const string MispEvent = """
        {"Event":{"uuid":"5f0e2c7a-0000-4000-8000-000000000001","info":"Emotet epoch 4","date":"2022-03-10","Orgc":{"name":"CERT-X"},"Attribute":[
          {"type":"ip-dst|port","value":"192.0.2.71|443","to_ids":true,"timestamp":"1646900000"},
          {"type":"filename|md5","value":"a.doc|00112233445566778899aabbccddeeff","to_ids":true},
          {"type":"ip-dst","value":"192.0.2.72","to_ids":true},
          {"type":"email-src","value":"hacked@partner.example","to_ids":true},
          {"type":"url","value":"http://notforids.example/x","to_ids":false},
          {"type":"comment","value":"hello","to_ids":false}],
          "Object":[{"name":"file","Attribute":[{"type":"sha256","value":"00112233445566778899aabbccddeeff00112233445566778899aabbccddee01","to_ids":true}]}]}}
        """;

    public const string MispManifest = """{"5f0e2c7a-0000-4000-8000-000000000001":{"info":"Emotet epoch 4","Orgc":{"name":"CERT-X"},"timestamp":"1646900000","date":"2022-03-10"}}""";

    public const string Stix = """
        {"type":"bundle","id":"bundle--1","objects":[
          {"type":"identity","id":"identity--1","name":"CERT-Y"},
          {"type":"indicator","spec_version":"2.1","id":"indicator--1","created_by_ref":"identity--1","name":"dropper","pattern_type":"stix","valid_from":"2022-03-10T00:00:00Z","valid_until":"2023-03-10T00:00:00.000Z",
           "pattern":"[file:hashes.'SHA-256' = '00112233445566778899aabbccddeeff00112233445566778899aabbccddee01' OR file:hashes.MD5 = '00112233445566778899aabbccddeeff']"},
          {"type":"indicator","id":"indicator--2","pattern":"[url:value = 'http://bad.invalid/it\\'s'] OR [domain-name:value IN ('evil.example', 'worse.example')]","valid_from":"2022-03-10T00:00:00Z"},
          {"type":"indicator","id":"indicator--3","pattern":"[network-traffic:dst_ref.type = 'ipv4-addr' AND network-traffic:dst_ref.value = '192.0.2.80' AND network-traffic:dst_port = 8080]"},
          {"type":"indicator","id":"indicator--4","pattern":"[domain-name:value = 'half.example' AND ipv4-addr:value = '192.0.2.81']"},
          {"type":"indicator","id":"indicator--5","revoked":true,"pattern":"[domain-name:value = 'innocent.example']"},
          {"type":"indicator","id":"indicator--6","pattern_type":"yara","pattern":"rule a { condition: true }"},
          {"type":"indicator","id":"indicator--7","pattern":"[email-addr:value = 'hacked@partner.example']"},
          {"type":"indicator","id":"indicator--8","pattern":"[domain-name:value LIKE '%.example']"}]}
        """;

    public const string List = "; Emotet E5, 2022-11-02\nhxxps://bad[.]invalid/wp-includes/Qq1/ - E5\nhttpp://bad2.invalid/css/zz\nevil(dot)example\n192.0.2.90:7080 (E4)\n198.51.100.8\nhacked[@]partner.example\n"
        + Md5 + "\n" + Sha256 + "  INVOICE.doc\nbad3.invalid/cgi-bin/k9\n\n";

    /// <summary>Each of them, and packed ones.</summary>
    public static IEnumerable<byte[]> All() =>
        new[] { Own, UrlhausCsv, UrlhausText, ThreatFoxCsv, ThreatFoxCsvOld, ThreatFoxJson, FeodoCsv, FeodoJson, BazaarCsv, MispEvent, MispManifest, Stix, List }
            .Select(Encoding.UTF8.GetBytes).Concat([ZipWriter.Plain(("full.csv", Encoding.UTF8.GetBytes(ThreatFoxCsv))), Gzip(UrlhausText)]);

    public static byte[] Gzip(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }
}
