using Sekisho.Inspection.Policy;

namespace Sekisho.Store;

/// <summary>The names of states as they stand in the tables: the members' own, without reflection for each letter.</summary>
internal static class Names
{
    private static readonly string[] States = Enum.GetNames<MessageState>();
    private static readonly string[] Recipients = Enum.GetNames<RecipientState>();
    private static readonly string[] Dispositions = Enum.GetNames<Disposition>();

    public static string Of(MessageState state) => States[(int)state];

    public static string Of(RecipientState state) => Recipients[(int)state];

    public static string Of(Disposition disposition) => Dispositions[(int)disposition];

    public static MessageState State(string name) => (MessageState)Array.IndexOf(States, name);

    public static RecipientState Recipient(string name) => (RecipientState)Array.IndexOf(Recipients, name);

    public static Disposition Disposition(string name) => (Disposition)Array.IndexOf(Dispositions, name);
}
