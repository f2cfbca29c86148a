using System.Globalization;
using System.Text;

namespace Sekisho.Delivery;

/// <summary>What a person reads in a notification: Japanese first, English below.</summary>
internal static class BounceText
{
    /// <summary>The subject in both languages.</summary>
    public static string Subject(IReadOnlyList<BounceNotice> notices)
    {
        if (notices.Any(static n => n.Action == BounceAction.Failed))
        {
            return "メールを配達できませんでした / Undelivered Mail Returned to Sender";
        }

        return notices.Any(static n => n.Action == BounceAction.Delayed)
            ? "メールの配達が遅れています / Delayed Mail (still being retried)"
            : "メールを配達しました / Successful Mail Delivery Report";
    }

    /// <summary>The text, lines ended with CRLF.</summary>
    public static string Body(IReadOnlyList<BounceNotice> notices, string hostName)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"このメールは、メールゲートウェイ {hostName} が自動で送信しています。\r\n");
        Section(text, notices, BounceAction.Failed, "次の宛先へは配達できませんでした。再送は行いません。内容を確かめ、必要であれば送り直してください。");
        Section(text, notices, BounceAction.Delayed, "次の宛先へはまだ配達できていません。再送を続けていますので、送り直す必要はありません。");
        Section(text, notices, BounceAction.Relayed, "次の宛先のメールは、配達通知に対応していない次のサーバーへ引き渡しました。");
        Section(text, notices, BounceAction.Delivered, "次の宛先へ配達しました。");
        text.Append("\r\n----\r\n\r\n");
        text.Append(CultureInfo.InvariantCulture, $"This message was written by the mail gateway {hostName}.\r\n");
        Section(text, notices, BounceAction.Failed, "Your message could not be delivered to the following addresses. It will not be tried again.");
        Section(text, notices, BounceAction.Delayed, "Your message has not yet been delivered to the following addresses. It is still being tried; you need not send it again.");
        Section(text, notices, BounceAction.Relayed, "Your message for the following addresses was handed to a server that does not confirm delivery.");
        Section(text, notices, BounceAction.Delivered, "Your message was delivered to the following addresses.");
        return text.ToString();
    }

    private static void Section(StringBuilder text, IReadOnlyList<BounceNotice> notices, BounceAction action, string words)
    {
        var heading = false;
        foreach (var notice in notices.Where(n => n.Action == action))
        {
            if (!heading)
            {
                text.Append("\r\n").Append(words).Append("\r\n\r\n");
                heading = true;
            }

            text.Append("  <").Append(notice.Recipient.Address).Append(">\r\n");
            if (action is BounceAction.Failed or BounceAction.Delayed)
            {
                text.Append("    ").Append(notice.Reply);
                if (notice.Host.Length > 0)
                {
                    text.Append(" (").Append(notice.Host).Append(')');
                }

                text.Append("\r\n");
            }
        }
    }
}
