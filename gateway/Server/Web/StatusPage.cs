using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text;
using Sekisho.Housekeeping;
using Sekisho.Options;
using Sekisho.Store;

namespace Sekisho.Web;

/// <summary>The first page: does the gateway work, and does anything wait for an admin? Figures only, no personal data, since nobody has signed in.</summary>
public static class StatusPage
{
    /// <summary>Serves it at <c>/</c>.</summary>
    public static void Map(WebApplication app) =>
        app.MapGet("/", async (GatewayHealth health, SekishoOptions options, TimeProvider time, HttpContext context, CancellationToken cancel) =>
        {
            await health.RefreshAsync(cancel);
            var problems = await health.ProblemsAsync(cancel);
            context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
            context.Response.Headers.CacheControl = "no-store";
            return Results.Text(Html(health, options, problems, time), "text/html; charset=utf-8");
        });

    private static string Html(GatewayHealth health, SekishoOptions options, IReadOnlyList<string> problems, TimeProvider time)
    {
        long Count(MessageState state) => health.Counts?.ByState.GetValueOrDefault(state) ?? 0;

        var ready = problems.Count == 0;
        var cards = new StringBuilder();
        Card(cards, "メール隔離 (要確認)", "Quarantined, to be reviewed", Count(MessageState.Quarantined), Count(MessageState.Quarantined) > 0 ? "warn" : "");
        Card(cards, "配信待ち", "Waiting for delivery", Count(MessageState.Queued), "");
        Card(cards, "保留中", "Held", Count(MessageState.Held), "");
        Card(cards, "配信済み", "Delivered", Count(MessageState.Delivered), "");
        Card(cards, "不達", "Bounced", Count(MessageState.Bounced), "");
        Card(cards, "受信拒否", "Rejected", Count(MessageState.Rejected), "");
        Card(cards, "破棄済み", "Discarded", Count(MessageState.Discarded), "");

        var oldest = health.OldestInQueue;
        var rows = new StringBuilder();
        Row(rows, "最も古い配信待ち", "Oldest in queue", oldest == TimeSpan.Zero ? "なし / none" : oldest.ToString(@"d\.hh\:mm\:ss", CultureInfo.InvariantCulture));
        Row(rows, "受信ドメイン", "Relay domains", string.Join(", ", options.Smtp.RelayDomains));
        Row(rows, "受信口", "SMTP", string.Join(", ", options.Smtp.Listen));
        Row(rows, "配送先", "Next hop", NextHop(options.Delivery));
        Row(rows, "保存先", "Store", options.Store.Postgres.Length > 0 ? "PostgreSQL" : "SQLite");
        Row(rows, "空き容量", "Free disk space", string.Create(CultureInfo.InvariantCulture, $"{HomeFolder.FreeMegabytes(options.Home):N0} MiB"));
        Row(rows, "バージョン", "Version", Assembly.GetExecutingAssembly().GetName().Version?.ToString(3) ?? "");
        Row(rows, "時刻", "Time", time.GetLocalNow().ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture));

        var banner = ready
            ? "<p class=\"banner good\"><b>正常に動作しています</b><span lang=\"en\">The gateway takes mail.</span></p>"
            : $"<p class=\"banner bad\"><b>メールを受け取れません</b><span lang=\"en\">The gateway cannot take mail: {WebUtility.HtmlEncode(string.Join("; ", problems))}</span></p>";

        return $$"""
            <!doctype html>
            <html lang="ja">
            <head>
            <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta http-equiv="refresh" content="15">
            <title>関所 Sekisho</title>
            <style>
            :root { color-scheme: light dark; --ink: #1b2a38; --soft: #5a6b7a; --line: #d5dde4; --paper: #fff; --back: #f2f5f8; --good: #146c43; --bad: #b02a37; --warn: #8a5a00; }
            @media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9fb0bf; --line: #33404c; --paper: #18212a; --back: #0f161d; --good: #56c28b; --bad: #ff7b86; --warn: #f0b54a; } }
            body { margin: 0; background: var(--back); color: var(--ink); font: 16px/1.6 "Noto Sans JP", "Noto Sans CJK JP", "Hiragino Sans", "Yu Gothic UI", sans-serif; }
            main { max-width: 60rem; margin: 0 auto; padding: 1.5rem; }
            h1 { font-size: 1.5rem; margin: 0 0 1rem; } h1 small, [lang=en] { color: var(--soft); font-size: .85rem; font-weight: normal; }
            h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
            .banner { padding: .75rem 1rem; border-left: .4rem solid; background: var(--paper); display: flex; flex-wrap: wrap; gap: 0 1rem; align-items: baseline; }
            .good { border-color: var(--good); } .good b { color: var(--good); } .bad { border-color: var(--bad); } .bad b { color: var(--bad); }
            ul.cards { list-style: none; margin: 0; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(12rem, 1fr)); gap: .75rem; }
            .cards li { background: var(--paper); border: 1px solid var(--line); border-radius: .4rem; padding: .75rem 1rem; display: flex; flex-direction: column; }
            .cards b { font-size: 1.9rem; line-height: 1.2; font-variant-numeric: tabular-nums; } .cards .warn { border-color: var(--warn); } .cards .warn b { color: var(--warn); }
            table { border-collapse: collapse; width: 100%; background: var(--paper); } th, td { text-align: left; padding: .4rem .75rem; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; } th { width: 16rem; font-weight: 600; }
            pre { background: var(--paper); border: 1px solid var(--line); padding: .75rem 1rem; overflow-x: auto; }
            </style>
            </head>
            <body><main>
            <h1>関所 Sekisho <small lang="en">mail gateway</small></h1>
            {{banner}}
            <h2>メールの状況 <span lang="en">Messages</span></h2>
            <ul class="cards">{{cards}}</ul>
            <h2>メール隔離の確認と解放 <span lang="en">Review and release</span></h2>
            <pre>gateway/run quarantine list
            gateway/run quarantine show ID
            gateway/run quarantine release ID --reason "送信者に電話で確認"</pre>
            <h2>設定 <span lang="en">Settings</span></h2>
            <table>{{rows}}</table>
            </main></body></html>
            """;
    }

    private static string NextHop(DeliveryOptions delivery) => delivery.Routes.Count > 0
        ? string.Join("; ", delivery.Routes.Select(r => $"{r.Domain} → {string.Join(", ", r.Hosts)} (TLS: {r.Tls})"))
        : delivery.UseMx ? "MX" : "Maildir";

    private static void Card(StringBuilder html, string ja, string en, long count, string css) =>
        html.Append(CultureInfo.InvariantCulture, $"<li class=\"{css}\"><span>{ja}</span><span lang=\"en\">{en}</span><b>{count:N0}</b></li>");

    private static void Row(StringBuilder html, string ja, string en, string value) =>
        html.Append(CultureInfo.InvariantCulture, $"<tr><th>{ja} <span lang=\"en\">{en}</span></th><td>{WebUtility.HtmlEncode(value)}</td></tr>");
}
