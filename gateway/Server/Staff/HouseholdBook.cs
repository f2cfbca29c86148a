using System.Net;
using Sekisho.Inspection.Senders;
using Sekisho.Options;

namespace Sekisho.Staff;

/// <summary>Whose gateway this is, made of the settings and the staff list; swapped whole when they are read anew.</summary>
/// <param name="household">What holds at first, of <see cref="Read"/>.</param>
public sealed class HouseholdBook(Household household)
{
    private volatile Household _current = household;

    /// <summary>What holds now; set when the settings are read anew.</summary>
    public Household Current
    {
        get => _current;
        set => _current = value;
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="OptionsException">The staff list cannot be read; the message names file and line.</exception>
    public static Household Read(SekishoOptions options)
    {
        var senders = options.Senders;
        return new Household(
            options.Smtp.RelayDomains, senders.Names, senders.PartnerDomains, senders.StaffFile is { Length: > 0 } file ? Staff(file) : StaffDirectory.Empty,
            senders.Forwarders, [.. options.Smtp.TrustedNetworks.Select(IPNetwork.Parse)]);
    }

    private static StaffDirectory Staff(string file)
    {
        try
        {
            using var octets = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return new StaffDirectory(StaffFile.Read(octets));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new OptionsException([$"Senders:StaffFile: {file}: {e.Message}"]);
        }
    }
}
