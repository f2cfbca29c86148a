using System.CommandLine;
using System.Globalization;
using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;
using Sekisho.Options;
using Sekisho.Smtp;
using Sekisho.Store;

namespace Sekisho.Cli;

/// <summary><c>sekisho macros</c>: which macros an admin allows, for whom, until when.</summary>
internal static class MacrosCommand
{
    public static Command Create() => new("macros", """
        Allow the macros of one quarantined message from now on, bound to their code: comments, blanks and layout may change, code and form texts may not.

        Examples:
          sekisho macros allow 0198f2c0a1b27d3e8f00112233445566 --for keiri.hospital.example --reason "monthly claims, checked by telephone" --expires 2027-03-31
          sekisho macros list
          sekisho macros revoke 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
        """)
    { Allow(), List(), Revoke() };

    private static Command Allow()
    {
        var id = StoreAccess.Ids("The message that carries the macro");
        id.Arity = ArgumentArity.ExactlyOne;
        var scope = new Option<string>("--for") { Description = "Recipients it holds for: an address, a domain, .domain for all below it, or * for everybody", Required = true };
        scope.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && !IsScope(text))
            {
                result.AddError($"--for: \"{text}\" is neither an address nor a domain. Example: --for keiri@hospital.example, --for hospital.example");
            }
        });
        var reason = new Option<string>("--reason") { Description = "Why, for the audit log and for whoever asks later", Required = true };
        var expires = new Option<DateOnly?>("--expires") { Description = "The last day it holds, such as 2027-03-31; without it, until it is revoked" };
        var command = new Command("allow", "Allow the macros of a message. The message itself stays where it is: release it if it shall go on.") { id, scope, reason, expires };
        command.SetAction((parsed, cancel) => StoreAccess.UseAsync(parsed, async store =>
        {
            var letter = parsed.GetValue(id)![0];
            if (await store.FindAsync(letter, cancel) is not { OctetsKept: true } found)
            {
                Console.Error.WriteLine($"{letter:N}: no such message, or its content is no longer kept");
                return ExitCodes.BadInput;
            }

            var allowed = 0;
            var now = TimeProvider.System.GetUtcNow();
            await using var stream = await store.OpenOctetsAsync(letter, cancel);
            using var message = MessageReader.Read(found.Envelope, stream, OptionsLoader.Load(CommonOptions.HomeOf(parsed)).Limits, TimeProvider.System, cancel);
            foreach (var part in message.Parts.Where(p => p.Vba.Count > 0))
            {
                if (MacroHash.Of(part.Vba, part.Texts) is not { } hash)
                {
                    Console.Error.WriteLine($"{Answer.Shown(part.Path)}: not allowed: its code could not be read whole, is hidden, or differs from what Office runs");
                    continue;
                }

                var end = parsed.GetValue(expires) is { } last ? new DateTimeOffset(last.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeZoneInfo.Local.GetUtcOffset(last.AddDays(1).ToDateTime(TimeOnly.MinValue))) : (DateTimeOffset?)null;
                await store.AllowMacroAsync(
                    new AllowedMacro(hash, Scope(parsed.GetValue(scope)!), CommonOptions.Actor, parsed.GetValue(reason)!, $"{letter:N} {part.Path}", now, end), cancel);
                allowed++;
                if (parsed.GetValue(CommonOptions.Json))
                {
                    Answer.Json(new { hash, place = part.Path, scope = parsed.GetValue(scope), expiresAt = end });
                }
                else
                {
                    Console.Out.WriteLine($"{hash} allowed for {parsed.GetValue(scope)}: {Answer.Shown(part.Path)}");
                }
            }

            if (allowed == 0)
            {
                Console.Error.WriteLine($"{letter:N}: no macro was allowed");
            }

            return allowed > 0 ? ExitCodes.Done : ExitCodes.Failed;
        }));
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "List what is allowed, newest first; what has expired is still shown.");
        command.SetAction((parsed, cancel) => StoreAccess.UseAsync(parsed, async store =>
        {
            var all = await store.AllowedMacrosAsync(cancel);
            if (parsed.GetValue(CommonOptions.Json))
            {
                foreach (var m in all)
                {
                    Answer.Json(new { hash = m.Hash, scope = m.Scope, author = m.Author, reason = m.Reason, source = m.Source, createdAt = m.CreatedAt, expiresAt = m.ExpiresAt, expired = m.ExpiresAt <= TimeProvider.System.GetUtcNow() });
                }

                return ExitCodes.Done;
            }

            Answer.Table(["hash", "宛先 for", "許可者 by", "理由 reason", "許可日 since", "期限 until"], all.Select(m => new[]
            {
                m.Hash, m.Scope, m.Author, m.Reason, MessageAnswers.Local(m.CreatedAt),
                m.ExpiresAt is not { } end ? "-" : MessageAnswers.Local(end) + (end <= TimeProvider.System.GetUtcNow() ? " 期限切れ expired" : ""),
            }));
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command Revoke()
    {
        var hash = new Argument<string>("HASH") { Description = "The macro, from the list" };
        var scope = new Option<string?>("--for") { Description = "Only this scope; without it, all of them" };
        var command = new Command("revoke", "Take an allowance back: from now on the macro is judged like any other.") { hash, scope };
        command.SetAction((parsed, cancel) => StoreAccess.UseAsync(parsed, async store =>
        {
            var ended = await store.RevokeMacroAsync(parsed.GetValue(hash)!.ToLowerInvariant(), parsed.GetValue(scope) is { } only ? Scope(only) : null, CommonOptions.Actor, cancel);
            if (parsed.GetValue(CommonOptions.Json))
            {
                Answer.Json(new { hash = parsed.GetValue(hash), revoked = ended });
            }
            else
            {
                (ended > 0 ? Console.Out : Console.Error).WriteLine(ended > 0 ? $"revoked: {ended}" : "no such macro is allowed. See: sekisho macros list");
            }

            return ended > 0 ? ExitCodes.Done : ExitCodes.Failed;
        }));
        return command;
    }

    /// <summary>As it is kept: in lower case, and a domain without the "@" that other settings have in front of it.</summary>
    internal static string Scope(string text) => text.TrimStart('@').ToLowerInvariant();

    /// <summary>True for what names recipients.</summary>
    internal static bool IsScope(string text) =>
        text == "*" || MailPath.IsDomain(text.StartsWith('.') ? text[1..] : text[(text.LastIndexOf('@') + 1)..]);
}
