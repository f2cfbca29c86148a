using System.CommandLine;
using Sekisho.Store;

namespace Sekisho.Cli;

/// <summary><c>sekisho queue</c>: what waits for delivery.</summary>
internal static class QueueCommand
{
    public static Command Create() => new("queue", """
        Look after what waits for delivery.

        Examples:
          sekisho queue list
          sekisho queue retry --all
          sekisho queue hold 0198f2c0a1b27d3e8f00112233445566 --reason "wrong recipient?"
        """)
    { List(), Retry(), Hold(), Unhold(), Delete() };

    private static Command List()
    {
        var command = new Command("list", "List messages that wait for delivery or are held, newest first.");
        command.SetAction((parsed, cancel) => StoreAccess.UseAsync(parsed, async store =>
        {
            var query = new MessageQuery { States = [MessageState.Queued, MessageState.Held], Limit = 1000 };
            MessageAnswers.List(await store.ListAsync(query, cancel), parsed.GetValue(CommonOptions.Json));
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command Retry()
    {
        var ids = StoreAccess.Ids("Message ids");
        ids.Arity = ArgumentArity.ZeroOrMore;
        var all = new Option<bool>("--all") { Description = "Every queued message" };
        var command = new Command("retry", "Try delivery again now instead of at the scheduled time.") { ids, all };
        command.Validators.Add(result =>
        {
            if (result.GetValue(all) == (result.GetValue(ids) is { Length: > 0 }))
            {
                result.AddError("Name message ids, or --all. Example: sekisho queue retry --all");
            }
        });
        command.SetAction((parsed, cancel) => StoreAccess.UseAsync(parsed, async store =>
        {
            var due = 0;
            foreach (var id in parsed.GetValue(all) ? [null] : parsed.GetValue(ids)!.Select(id => (Guid?)id))
            {
                due += await store.RetryAsync(id, CommonOptions.Actor, cancel: cancel);
            }

            if (parsed.GetValue(CommonOptions.Json))
            {
                Answer.Json(new { action = "retry", messages = due });
            }
            else
            {
                Console.Out.WriteLine($"{due} messages are due now");
            }

            return due > 0 || parsed.GetValue(all) ? ExitCodes.Done : ExitCodes.Failed;
        }));
        return command;
    }

    private static Command Hold() => QuarantineCommand.Change(
        "hold", "Stop trying a message until it is released again with 'queue unhold'.", "held", "is not queued",
        (store, id, reason, cancel) => store.HoldAsync(id, CommonOptions.Actor, reason, cancel));

    private static Command Unhold() => QuarantineCommand.Change(
        "unhold", "Put a held message back into the queue.", "queued again", "is not held by an admin",
        (store, id, reason, cancel) => store.UnholdAsync(id, CommonOptions.Actor, reason, cancel));

    private static Command Delete() => QuarantineCommand.Change(
        "delete", "Throw a waiting message away for good: its key is destroyed.", "deleted", "cannot be deleted: it is delivered, discarded or unknown",
        (store, id, reason, cancel) => store.DiscardAsync(id, CommonOptions.Actor, reason, cancel));
}
