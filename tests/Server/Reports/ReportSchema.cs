using System.Xml;
using System.Xml.Schema;

namespace Sekisho.Server.Tests.Reports;

/// <summary>What RFC 9990 appendix A allows in a report, in a schema of our own words.</summary>
internal static class ReportSchema
{
    private const string Text = """
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:ietf:params:xml:ns:dmarc-2.0" targetNamespace="urn:ietf:params:xml:ns:dmarc-2.0" elementFormDefault="qualified">
          <xs:simpleType name="filled"><xs:restriction base="xs:string"><xs:minLength value="1"/></xs:restriction></xs:simpleType>
          <xs:simpleType name="policy"><xs:restriction base="xs:string"><xs:pattern value="none|quarantine|reject"/></xs:restriction></xs:simpleType>
          <xs:simpleType name="mode"><xs:restriction base="xs:string"><xs:pattern value="[rs]"/></xs:restriction></xs:simpleType>
          <xs:simpleType name="aligned"><xs:restriction base="xs:string"><xs:pattern value="pass|fail"/></xs:restriction></xs:simpleType>
          <xs:simpleType name="address"><xs:restriction base="xs:string"><xs:pattern value="[0-9]+(\.[0-9]+){3}|[0-9a-f:.]*:[0-9a-f:.]*"/></xs:restriction></xs:simpleType>
          <xs:element name="feedback"><xs:complexType><xs:sequence>
            <xs:element name="version" type="xs:decimal" minOccurs="0"/>
            <xs:element name="report_metadata"><xs:complexType><xs:all>
              <xs:element name="org_name" type="filled"/>
              <xs:element name="email" type="filled"/>
              <xs:element name="extra_contact_info" type="filled" minOccurs="0"/>
              <xs:element name="report_id"><xs:simpleType><xs:restriction base="xs:string"><xs:pattern value="[A-Za-z0-9.\-]+(@[A-Za-z0-9.\-]+)?"/></xs:restriction></xs:simpleType></xs:element>
              <xs:element name="date_range"><xs:complexType><xs:all><xs:element name="begin" type="xs:nonNegativeInteger"/><xs:element name="end" type="xs:nonNegativeInteger"/></xs:all></xs:complexType></xs:element>
              <xs:element name="generator" type="filled" minOccurs="0"/>
            </xs:all></xs:complexType></xs:element>
            <xs:element name="policy_published"><xs:complexType><xs:all>
              <xs:element name="domain" type="filled"/>
              <xs:element name="discovery_method" minOccurs="0"><xs:simpleType><xs:restriction base="xs:string"><xs:pattern value="psl|treewalk"/></xs:restriction></xs:simpleType></xs:element>
              <xs:element name="p" type="policy"/><xs:element name="sp" type="policy" minOccurs="0"/><xs:element name="np" type="policy" minOccurs="0"/>
              <xs:element name="adkim" type="mode" minOccurs="0"/><xs:element name="aspf" type="mode" minOccurs="0"/>
              <xs:element name="testing" minOccurs="0"><xs:simpleType><xs:restriction base="xs:string"><xs:pattern value="[yn]"/></xs:restriction></xs:simpleType></xs:element>
            </xs:all></xs:complexType></xs:element>
            <xs:element name="record" maxOccurs="unbounded"><xs:complexType><xs:sequence>
              <xs:element name="row"><xs:complexType><xs:sequence>
                <xs:element name="source_ip" type="address"/>
                <xs:element name="count" type="xs:positiveInteger"/>
                <xs:element name="policy_evaluated"><xs:complexType><xs:sequence>
                  <xs:element name="disposition"><xs:simpleType><xs:restriction base="xs:string"><xs:pattern value="none|pass|quarantine|reject"/></xs:restriction></xs:simpleType></xs:element>
                  <xs:element name="dkim" type="aligned"/><xs:element name="spf" type="aligned"/>
                  <xs:element name="reason" minOccurs="0" maxOccurs="unbounded"><xs:complexType><xs:all>
                    <xs:element name="type"><xs:simpleType><xs:restriction base="xs:string"><xs:pattern value="local_policy|mailing_list|other|policy_test_mode|trusted_forwarder"/></xs:restriction></xs:simpleType></xs:element>
                    <xs:element name="comment" type="xs:string" minOccurs="0"/>
                  </xs:all></xs:complexType></xs:element>
                </xs:sequence></xs:complexType></xs:element>
              </xs:sequence></xs:complexType></xs:element>
              <xs:element name="identifiers"><xs:complexType><xs:all>
                <xs:element name="envelope_to" type="filled" minOccurs="0"/><xs:element name="envelope_from" type="xs:string" minOccurs="0"/><xs:element name="header_from" type="filled"/>
              </xs:all></xs:complexType></xs:element>
              <xs:element name="auth_results"><xs:complexType><xs:sequence>
                <xs:element name="dkim" minOccurs="0" maxOccurs="100"><xs:complexType><xs:all>
                  <xs:element name="domain" type="filled"/><xs:element name="selector" type="filled"/>
                  <xs:element name="result"><xs:simpleType><xs:restriction base="xs:string"><xs:pattern value="none|pass|fail|policy|neutral|temperror|permerror"/></xs:restriction></xs:simpleType></xs:element>
                </xs:all></xs:complexType></xs:element>
                <xs:element name="spf" minOccurs="0"><xs:complexType><xs:all>
                  <xs:element name="domain" type="filled"/><xs:element name="scope" minOccurs="0"><xs:simpleType><xs:restriction base="xs:string"><xs:pattern value="mfrom"/></xs:restriction></xs:simpleType></xs:element>
                  <xs:element name="result"><xs:simpleType><xs:restriction base="xs:string"><xs:pattern value="none|neutral|pass|fail|softfail|temperror|permerror"/></xs:restriction></xs:simpleType></xs:element>
                </xs:all></xs:complexType></xs:element>
              </xs:sequence></xs:complexType></xs:element>
            </xs:sequence></xs:complexType></xs:element>
          </xs:sequence></xs:complexType></xs:element>
        </xs:schema>
        """;

    /// <summary>Throws <see cref="XmlSchemaValidationException"/> for what is not allowed.</summary>
    public static void Validate(byte[] xml)
    {
        var settings = new XmlReaderSettings { ValidationType = ValidationType.Schema, ValidationFlags = XmlSchemaValidationFlags.ReportValidationWarnings };
        using (var schema = XmlReader.Create(new StringReader(Text)))
        {
            settings.Schemas.Add(null, schema);
        }

        settings.ValidationEventHandler += (_, e) => throw e.Exception;
        using var reader = XmlReader.Create(new MemoryStream(xml), settings);
        while (reader.Read())
        {
        }
    }
}
