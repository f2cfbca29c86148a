using System.CommandLine;

namespace Sekisho.Cli;

/// <summary><c>sekisho key</c>: the master key.</summary>
internal static class KeyCommand
{
    public static Command Create()
    {
        var rotate = new Command("rotate", "Make a new master key, wrap every message key with it, and destroy the old one. The gateway may run meanwhile. Back up the key file afterwards.");
        rotate.SetAction((parsed, cancel) => StoreAccess.UseAsync(parsed, async store =>
        {
            var wrapped = await store.RotateMasterKeyAsync(CommonOptions.Actor, cancel);
            if (parsed.GetValue(CommonOptions.Json))
            {
                Answer.Json(new { action = "rotate", messages = wrapped });
            }
            else
            {
                Console.Out.WriteLine($"マスターキーを更新しました。 A new master key is in force; {wrapped} message keys were wrapped anew.");
            }

            return ExitCodes.Done;
        }));
        return new Command("key", "Look after the master key.\n\nExample:\n  sekisho key rotate") { rotate };
    }
}
