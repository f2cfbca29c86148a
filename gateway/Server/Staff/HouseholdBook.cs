using System.Net;
using Sekisho.Inspection.Senders;
using Sekisho.Options;

namespace Sekisho.Staff;

/// <summary>Whose gateway this is, made of the settings, the staff list and the directory; swapped whole when one of them is read anew.</summary>
/// <param name="household">What holds at first, of <see cref="Read"/>.</param>
public sealed class HouseholdBook(Household household)
{
    private readonly Lock _swapping = new();
    private Household _settings = household;
    private IReadOnlyList<StaffMember> _directory = [];
    private volatile Household _current = household;

    /// <summary>What holds now. Set, of <see cref="Read"/>, when the settings are read anew; the directory's people stay.</summary>
    public Household Current
    {
        get => _current;
        set
        {
            lock (_swapping)
            {
                _settings = value;
                _current = Joined(value, _directory);
            }
        }
    }

    /// <summary>The directory's people, who stand beside those of the staff list; set when it was read.</summary>
    public IReadOnlyList<StaffMember> Directory
    {
        get => _directory;
        set
        {
            lock (_swapping)
            {
                _directory = value;
                _current = Joined(_settings, value);
            }
        }
    }

    /// <summary>Reads settings and staff list, without the directory.</summary>
    /// <exception cref="OptionsException">The staff list cannot be read; the message names file and line.</exception>
    public static Household Read(SekishoOptions options)
    {
        var senders = options.Senders;
        return new Household(
            options.Smtp.RelayDomains, senders.Names, senders.PartnerDomains, senders.StaffFile is { Length: > 0 } file ? Staff(file) : StaffDirectory.Empty,
            senders.Forwarders, [.. options.Smtp.TrustedNetworks.Select(IPNetwork.Parse)]);
    }

    /// <summary>Reads them and what was kept of the directory: what a running gateway goes by.</summary>
    /// <exception cref="OptionsException">The staff list, or what was kept, cannot be read; the message names the file.</exception>
    public static Household ReadAll(SekishoOptions options)
    {
        try
        {
            return Joined(Read(options), DirectoryRecord.Load(options).Members);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new OptionsException([e.Message]);
        }
    }

    private static Household Joined(Household settings, IReadOnlyList<StaffMember> directory) =>
        directory.Count == 0 ? settings : settings.With(new StaffDirectory(StaffJoin.Of(settings.Staff.Members, directory)));

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
