using System.CommandLine;
using Sekisho.Signatures;

namespace Sekisho.Cli;

/// <summary>The verbs of <c>sekisho signatures</c> that change or make something.</summary>
internal static class SignaturesChange
{
    private static readonly Option<bool> Force = new("--force") { Description = "Take it although files in it are broken, a feed shrank by more than 90 %, or the bundle is older than the one in force. Never helps an unsigned or altered bundle" };

    public static Command Update()
    {
        var from = new Argument<string>("FROM") { Description = "A folder (yara/, indicators/, lists/, or one MISP feed), a signed bundle, or the http(s) address of a signed bundle or a feed" };
        var proxy = new Option<string?>("--proxy") { Description = "The proxy for an address. Default: $HTTPS_PROXY, $HTTP_PROXY, $NO_PROXY" };
        var authKey = new Option<string?>("--auth-key-file") { Description = "A file with the key that is sent as Auth-Key (abuse.ch asks for one)" };
        var keys = new Option<string[]>("--key") { Description = "Trust this public key too, beside HOME/signatures/trusted-keys", DefaultValueFactory = _ => [] };
        var http = new Option<bool>("--allow-http") { Description = "Take an unsigned feed over plain http, which anybody on the way can change" };
        var most = new Option<int>("--max-mib") { Description = "Fetch no more than so many MiB (1 to 512)", DefaultValueFactory = _ => 512 };
        most.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 512)
            {
                result.AddError("--max-mib must be 1 to 512. Example: --max-mib 100");
            }
        });
        var command = new Command("update", """
            Renew the signatures. A folder or bundle replaces all but what was imported; a feed replaces the feed of the same address.
            Everything is loaded and compared first: what is broken is refused, and the old signatures stay in force.

            Examples:
              sekisho signatures update /srv/signatures
              sekisho signatures update /media/usb/signatures.zip
              sekisho signatures update https://urlhaus.abuse.ch/downloads/csv_recent/ --proxy http://proxy.hospital.example:8080
            """)
        { from, proxy, authKey, keys, http, most, Force };
        command.SetAction((parsed, cancel) => ChangeAsync(parsed, async (home, update) =>
        {
            var source = parsed.GetValue(from)!;
            var (force, trusted) = (parsed.GetValue(Force), parsed.GetValue(keys)!);
            if (Uri.TryCreate(source, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
            {
                Store.DurableFile.MakeFolder(home.Folder);
                var file = Path.Combine(home.Folder, $".download-{Environment.ProcessId}");
                try
                {
                    var key = parsed.GetValue(authKey) is { } keyFile ? (await File.ReadAllTextAsync(keyFile, cancel)).Trim() : null;
                    await SignatureDownload.FetchAsync(address, file, parsed.GetValue(proxy), key, (long)parsed.GetValue(most) << 20, TimeProvider.System, cancel);
                    var shown = address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
                    return SignatureBundle.IsBundle(file) ? await update.FromBundleAsync(file, shown, trusted, force, cancel)
                        : address.Scheme == "https" || parsed.GetValue(http) ? await update.FromFeedAsync(file, SignatureDownload.NameOf(address), shown, own: false, force, cancel)
                        : throw new SignatureException($"{shown}: an unsigned feed over plain http can be changed on its way. Use https, or --allow-http.");
                }
                finally
                {
                    File.Delete(file);
                }
            }

            if (Directory.Exists(source))
            {
                return await update.FromFolderAsync(source, force, cancel);
            }

            return File.Exists(source) && RegularFile.Is(source)
                ? await update.FromBundleAsync(source, source, trusted, force, cancel)
                : throw new SignatureException($"{source}: there is no such folder or file.");
        }));
        return command;
    }

    public static Command Import()
    {
        var file = new Argument<string>("FILE") { Description = "A feed or list of any known format (CSV, STIX, MISP, abuse.ch, one value a line; zip or gzip around it)" };
        var name = new Option<string?>("--name") { Description = "Its name among our own; an import of the same name is replaced. Default: the file's" };
        var command = new Command("import", """
            Take a feed or list into our own indicators, which survive updates.

            Examples:
              sekisho signatures import police-notice.txt
              sekisho signatures import export.json --name jpcert.json
            """)
        { file, name, Force };
        command.SetAction((parsed, cancel) => ChangeAsync(parsed, (_, update) =>
        {
            var source = parsed.GetValue(file)!;
            return File.Exists(source) && RegularFile.Is(source)
                ? update.FromFeedAsync(source, parsed.GetValue(name) ?? Path.GetFileName(source), source, own: true, parsed.GetValue(Force), cancel)
                : throw new SignatureException($"{source}: there is no such file.");
        }));
        return command;
    }

    public static Command Rollback()
    {
        var to = new Option<int>("--to") { Description = "The generation to put in force. Default: the one before" };
        var command = new Command("rollback", "Put an earlier generation of signatures in force again.\n\nExample:\n  sekisho signatures rollback --to 3") { to };
        command.SetAction((parsed, cancel) => ChangeAsync(parsed, (_, update) => update.RollBackAsync(parsed.GetValue(to), cancel)));
        return command;
    }

    public static Command Export()
    {
        var file = new Argument<string>("FILE") { Description = "The bundle to write" };
        var key = new Option<string>("--key") { Description = "The private key to sign with (see: sekisho signatures key make)", Required = true };
        var from = new Option<string?>("--from") { Description = "A folder with yara/, indicators/, lists/. Default: what is in force in HOME/signatures" };
        var command = new Command("export", """
            Write a signed bundle for gateways without Internet.

            Examples:
              sekisho signatures export signatures-2026-11.zip --key signer.pem
              sekisho signatures export signatures-2026-11.zip --key signer.pem --from /srv/signatures
            """)
        { file, key, from };
        command.SetAction(parsed =>
        {
            var home = new SignatureHome(CommonOptions.HomeOf(parsed));
            var target = parsed.GetValue(file)!;
            var (files, id) = SignatureBundle.Write(parsed.GetValue(from) ?? home.InForce, target, parsed.GetValue(key)!, TimeProvider.System.GetUtcNow());
            if (parsed.GetValue(CommonOptions.Json))
            {
                Answer.Json(new { action = "export", file = target, files, key = id });
            }
            else
            {
                Console.Out.WriteLine($"署名付きバンドルを作成しました。 {target}: {files} files, signed by {id}.");
            }

            return ExitCodes.Done;
        });
        return command;
    }

    public static Command Key()
    {
        var made = new Argument<string>("FILE") { Description = "The private key's file; the public one lies beside it as FILE.pub" };
        var make = new Command("make", "Make a key pair to sign bundles with.\n\nExample:\n  sekisho signatures key make signer.pem") { made };
        make.SetAction(parsed => Done(parsed, "make", SignatureKeys.Make(parsed.GetValue(made)!)));

        var trusted = new Argument<string>("FILE") { Description = "A public key in PEM form (Ed25519)" };
        var trust = new Command("trust", "Believe bundles that this key signs.\n\nExample:\n  sekisho signatures key trust signer.pem.pub") { trusted };
        trust.SetAction((parsed, cancel) => StoreAccess.UseAsync(parsed, async store =>
        {
            var home = new SignatureHome(CommonOptions.HomeOf(parsed));
            var id = SignatureKeys.IdOf(parsed.GetValue(trusted)!);
            await store.NoteAsync(CommonOptions.Actor, "signatures-trust-key", "", [("key", id)], cancel);
            return Done(parsed, "trust", SignatureKeys.Trust(home, parsed.GetValue(trusted)!));
        }));
        var list = new Command("list", "Show the keys whose bundles are believed.");
        list.SetAction(parsed =>
        {
            foreach (var id in SignatureKeys.Trusted(new SignatureHome(CommonOptions.HomeOf(parsed)), []).Keys)
            {
                Done(parsed, "trusted", id);
            }

            return ExitCodes.Done;
        });
        return new Command("key", "Keys for signed bundles (Ed25519).") { make, trust, list };
    }

    private static int Done(ParseResult parsed, string action, string id)
    {
        if (parsed.GetValue(CommonOptions.Json))
        {
            Answer.Json(new { action, key = id });
        }
        else
        {
            Console.Out.WriteLine(id);
        }

        return ExitCodes.Done;
    }

    private static Task<int> ChangeAsync(ParseResult parsed, Func<SignatureHome, SignatureUpdate, Task<SignatureChange>> change) => StoreAccess.UseAsync(parsed, async store =>
    {
        var home = new SignatureHome(CommonOptions.HomeOf(parsed));
        var made = await change(home, new SignatureUpdate(home, store, TimeProvider.System, CommonOptions.Actor));
        if (parsed.GetValue(CommonOptions.Json))
        {
            Answer.Json(new { generation = made.Generation, from = made.From, before = made.Before, after = made.After, files = made.Files, notes = made.Notes });
        }
        else
        {
            Console.Out.WriteLine(Answer.Shown($"シグネチャを更新しました。 Generation {made.Generation} is in force: {made.After:N0} indicators (before: {made.Before:N0}), {made.Files} files, from {made.From}."));
            foreach (var note in made.Notes)
            {
                Console.Out.WriteLine("  " + Answer.Shown(note));
            }
        }

        return ExitCodes.Done;
    });
}
