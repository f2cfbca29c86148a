using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Xml;
using MimeKit;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Policy;
using Sekisho.Inspection.Senders;
using Sekisho.Options;
using Sekisho.Store;
using DomainList = Sekisho.Options.DomainList;

namespace Sekisho.Reports;

/// <summary>Writes a DMARC aggregate report (RFC 9990 appendix A) and the letter that carries it.</summary>
/// <param name="report">What it is about.</param>
/// <param name="options">Who reports.</param>
/// <param name="now">The time; a day that is not over ends here.</param>
internal sealed class ReportWriter(PendingReport report, SekishoOptions options, DateTimeOffset now)
{
    private const string Namespace = "urn:ietf:params:xml:ns:dmarc-2.0";

    private readonly Guid _id = Guid.CreateVersion7(now);
    private readonly long _begin = new DateTimeOffset(report.Day, TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeSeconds();

    /// <summary>The report's name, the same in the file's name, the subject and the report.</summary>
    public string Id => _id.ToString("N");

    /// <summary>The file's name: who reports, about whom, the first and the last second, the report's name.</summary>
    public string FileName => string.Create(CultureInfo.InvariantCulture, $"{Submitter}!{report.Domain}!{_begin}!{End}!{Id}.xml.gz");

    private SendReportsOptions Sender => options.Senders.SendReports;

    private string Submitter => DomainList.DomainOf(Sender.From).ToLowerInvariant();

    private string Organisation => Sender.OrganisationName.Length > 0 ? Sender.OrganisationName : Submitter;

    private long End => Math.Min(_begin + 86_399, Math.Max(_begin, now.ToUnixTimeSeconds()));

    /// <summary>The report, packed by gzip.</summary>
    /// <param name="rows">Its lines, at least one.</param>
    public byte[] Pack(IEnumerable<KeyValuePair<DmarcResultRow, long>> rows)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        using (var xml = XmlWriter.Create(gzip, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true }))
        {
            xml.WriteStartElement("feedback", Namespace);
            Text(xml, "version", "1.0");
            Metadata(xml);
            Policy(xml, DmarcPublished.Parse(report.Published) ?? throw new InvalidDataException($"No record is kept for {report.Domain}."));
            foreach (var (row, letters) in rows)
            {
                Record(xml, row, letters);
            }

            xml.WriteEndElement();
        }

        return packed.ToArray();
    }

    /// <summary>The letter, ready for the store; it leaves the house. The caller disposes its octets.</summary>
    /// <param name="packed">The report.</param>
    /// <param name="recipients">Who wants it, at least one.</param>
    /// <param name="spool">Takes the octets.</param>
    public NewMessage Letter(byte[] packed, IReadOnlyList<string> recipients, Spool spool)
    {
        var day = report.Day.ToString("O", CultureInfo.InvariantCulture);
        using var mail = new MimeMessage
        {
            Date = now,
            Subject = $"Report Domain: {report.Domain} Submitter: {Submitter} Report-ID: {Id}",
            MessageId = $"{Id}@{Submitter}",
            Body = new Multipart("mixed")
            {
                new TextPart("plain")
                {
                    Text = $"""
                        This is a DMARC aggregate report of {Submitter} about {report.Domain}, {day} (UTC): {report.Letters} messages.
                        {report.Domain} asks for it in its DMARC record. The attached file is for programs.

                        {report.Domain} のDMARCレコードに基づく集計レポートです({day} UTC、{report.Letters} 通)。

                        """.ReplaceLineEndings("\r\n"),
                    ContentTransferEncoding = ContentEncoding.Base64,
                },
                new MimePart("application", "gzip")
                {
                    Content = new MimeContent(new MemoryStream(packed)),
                    ContentTransferEncoding = ContentEncoding.Base64,
                    FileName = FileName,
                },
            },
        };
        mail.From.Add(new MailboxAddress(Organisation, Sender.From));
        mail.To.AddRange(recipients.Select(static address => new MailboxAddress("", address)));
        mail.Headers.Add("Auto-Submitted", "auto-generated"); // RFC 3834 section 5: nobody's holiday notice answers it
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        using var octets = new MemoryStream();
        mail.WriteTo(format, octets);
        using var writer = spool.NewWriter();
        writer.Write(octets.GetBuffer().AsSpan(0, (int)octets.Length));

        // The reverse-path must be of the author's domain, or the report itself fails DMARC; nobody is to answer a failure all the same.
        var envelope = new Envelope(_id, now, IPAddress.Loopback, options.Smtp.HostName, Sender.From, [.. recipients.Select(static address => new EnvelopeRecipient(address, "NEVER"))]) { IsOutbound = true };
        return new NewMessage(envelope, writer.Complete(), "", MessageState.Queued, new Verdict(Disposition.Deliver, 0, []), new MessageSummary(mail.Subject, Sender.From, mail.MessageId));
    }

    private void Metadata(XmlWriter xml)
    {
        xml.WriteStartElement("report_metadata");
        Text(xml, "org_name", Organisation);
        Text(xml, "email", Sender.From);
        if (Sender.ContactInfo.Length > 0)
        {
            Text(xml, "extra_contact_info", Sender.ContactInfo);
        }

        Text(xml, "report_id", Id);
        xml.WriteStartElement("date_range");
        Text(xml, "begin", _begin.ToString(CultureInfo.InvariantCulture));
        Text(xml, "end", End.ToString(CultureInfo.InvariantCulture));
        xml.WriteEndElement();
        Text(xml, "generator", "Sekisho");
        xml.WriteEndElement();
    }

    private void Policy(XmlWriter xml, DmarcPublished published)
    {
        xml.WriteStartElement("policy_published");
        Text(xml, "domain", report.Domain);
        Text(xml, "discovery_method", "treewalk");
        Text(xml, "p", AuthenticationResultsField.Word(published.Policy));
        Text(xml, "sp", AuthenticationResultsField.Word(published.Below));
        Text(xml, "np", AuthenticationResultsField.Word(published.Missing));
        Text(xml, "adkim", published.IsStrictDkim ? "s" : "r");
        Text(xml, "aspf", published.IsStrictSpf ? "s" : "r");
        Text(xml, "testing", published.IsTesting ? "y" : "n");
        xml.WriteEndElement();
    }

    private static void Record(XmlWriter xml, DmarcResultRow row, long letters)
    {
        xml.WriteStartElement("record");
        xml.WriteStartElement("row");
        Text(xml, "source_ip", row.Client);
        Text(xml, "count", letters.ToString(CultureInfo.InvariantCulture));
        xml.WriteStartElement("policy_evaluated");
        Text(xml, "disposition", row.Disposition);
        Text(xml, "dkim", row.DkimAligned ? "pass" : "fail");
        Text(xml, "spf", row.SpfAligned ? "pass" : "fail");
        if (row.Reason.Length > 0)
        {
            xml.WriteStartElement("reason");
            Text(xml, "type", row.Reason);
            if (row.Reason == "other")
            {
                Text(xml, "comment", "DNS did not answer");
            }

            xml.WriteEndElement();
        }

        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteStartElement("identifiers");
        Text(xml, "envelope_from", row.EnvelopeFrom);
        Text(xml, "header_from", row.HeaderFrom);
        xml.WriteEndElement();
        xml.WriteStartElement("auth_results");
        foreach (var signature in row.Dkim.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var words = signature.Split(' ');
            xml.WriteStartElement("dkim");
            Text(xml, "domain", words[0]);
            Text(xml, "selector", words[1]);
            Text(xml, "result", words[2]);
            xml.WriteEndElement();
        }

        if (row.Spf.Split(' ') is [var domain, var result])
        {
            xml.WriteStartElement("spf");
            Text(xml, "domain", domain);
            Text(xml, "scope", "mfrom"); // of a null sender it is HELO's name in MAIL FROM's place (RFC 7208 section 2.4)
            Text(xml, "result", result);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void Text(XmlWriter xml, string name, string text) => xml.WriteElementString(name, Namespace, text);
}
