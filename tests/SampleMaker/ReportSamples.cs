using System.Globalization;
using System.Text;

namespace Sekisho.SampleMaker;

/// <summary>DMARC aggregate reports as organisations send them, made in code: nobody's real mail.</summary>
public static class ReportSamples
{
    /// <summary>A report of three lines: our own server, a list that forwards, and a spoofer.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="organisation">Who reports.</param>
    /// <param name="domain">About whom.</param>
    /// <param name="day">The day it is about.</param>
    /// <param name="modern">As of RFC 9990; otherwise of RFC 7489, without a namespace.</param>
    public static byte[] Xml(string id = "20261122.1", string organisation = "Receiver Example Inc.", string domain = "hospital.test", DateTimeOffset? day = null, bool modern = true)
    {
        var begin = (day ?? new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero)).ToUnixTimeSeconds();
        return Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"""
            <?xml version="1.0" encoding="UTF-8"?>
            <feedback{(modern ? " xmlns=\"urn:ietf:params:xml:ns:dmarc-2.0\"" : "")}>
              <version>1.0</version>
              <report_metadata>
                <org_name>{organisation}</org_name>
                <email>dmarc-reports@receiver.example</email>
                <report_id>{id}</report_id>
                <date_range><begin>{begin}</begin><end>{begin + 86399}</end></date_range>
                {(modern ? "<generator>sample 1.0</generator>" : "<extra_contact_info>https://receiver.example/</extra_contact_info>")}
              </report_metadata>
              <policy_published>
                <domain>{domain}</domain>{(modern ? "<discovery_method>treewalk</discovery_method>" : "<adkim>r</adkim><aspf>r</aspf>")}
                <p>quarantine</p><sp>none</sp>{(modern ? "<np>reject</np><testing>n</testing>" : "<pct>100</pct>")}
              </policy_published>
              <record>
                <row><source_ip>192.0.2.25</source_ip><count>120</count><policy_evaluated><disposition>{(modern ? "pass" : "none")}</disposition><dkim>pass</dkim><spf>pass</spf></policy_evaluated></row>
                <identifiers><header_from>{domain}</header_from><envelope_from>{domain}</envelope_from><envelope_to>receiver.example</envelope_to></identifiers>
                <auth_results>
                  <dkim><domain>{domain}</domain><selector>s1</selector><result>pass</result></dkim>
                  <dkim><domain>service.example</domain><selector>s2</selector><result>neutral</result></dkim>
                  <spf><domain>{domain}</domain><scope>mfrom</scope><result>pass</result></spf>
                </auth_results>
              </record>
              <record>
                <row><source_ip>2001:db8:5::19</source_ip><count>3</count><policy_evaluated><disposition>none</disposition><dkim>pass</dkim><spf>fail</spf><reason><type>mailing_list</type><comment>list</comment></reason></policy_evaluated></row>
                <identifiers><header_from>{domain}</header_from><envelope_from>lists.example</envelope_from></identifiers>
                <auth_results><dkim><domain>{domain}</domain><selector>s1</selector><result>pass</result></dkim><spf><domain>lists.example</domain><result>pass</result></spf></auth_results>
              </record>
              <record>
                <row><source_ip>203.0.113.66</source_ip><count>41</count><policy_evaluated><disposition>quarantine</disposition><dkim>fail</dkim><spf>fail</spf></policy_evaluated></row>
                <identifiers><header_from>keiri.{domain}</header_from><envelope_from>evil.example</envelope_from></identifiers>
                <auth_results><spf><domain>evil.example</domain><result>hardfail</result></spf></auth_results>
              </record>
            </feedback>
            """));
    }
}
