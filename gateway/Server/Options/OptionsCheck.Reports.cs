using Sekisho.Smtp;

namespace Sekisho.Options;

// What is wrong with the settings of the reports that we send.
public static partial class OptionsCheck
{
    private static void SendReports(SenderOptions senders, List<string> faults)
    {
        var reports = senders.SendReports;
        if (reports.From.Length > 0 ? !IsMailbox(reports.From) : reports.Enabled)
        {
            faults.Add(reports.From.Length == 0
                ? "Senders:SendReports:From is missing beside Senders:SendReports:Enabled. Example: \"dmarc-reports@hospital.example\""
                : $"Senders:SendReports:From: \"{reports.From}\" is no address. Example: \"dmarc-reports@hospital.example\"");
        }

        if (reports.Enabled && !senders.Authenticate)
        {
            faults.Add("Senders:SendReports:Enabled: nothing is known to report while Senders:Authenticate is false. Set that to true, or Senders:SendReports:Enabled to false");
        }

        Line("OrganisationName", reports.OrganisationName, "Sekisho Hospital");
        Line("ContactInfo", reports.ContactInfo, "https://www.hospital.example/mail");

        void Line(string name, string text, string example)
        {
            if (text.Length > 200 || text.Any(char.IsControl))
            {
                faults.Add($"Senders:SendReports:{name} is no line of at most 200 characters. Example: \"{example}\"");
            }
        }
    }

    /// <summary>ASCII, with a domain of two labels or more: what everybody's mail server takes.</summary>
    private static bool IsMailbox(string address) =>
        address.LastIndexOf('@') is var at and > 0 && MailPath.IsAscii(address) && !address.AsSpan().ContainsAny(" <>,;:\"()") && !address.Any(char.IsControl)
        && MailPath.IsDomain(address.AsSpan(at + 1)) && address.IndexOf('.', at) > 0;
}
