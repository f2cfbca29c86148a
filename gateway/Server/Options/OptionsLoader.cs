using System.Net;
using System.Text.Json;

namespace Sekisho.Options;

/// <summary>Settings that cannot be used; the text lists every fault with an example of a right value.</summary>
public sealed class OptionsException(IReadOnlyList<string> faults) : Exception(string.Join('\n', faults))
{
    /// <summary>One line a fault.</summary>
    public IReadOnlyList<string> Faults => faults;
}

/// <summary>Reads the settings: <c>HOME/sekisho.json</c>, then <c>SEKISHO_…</c> environment variables, then the command line; later ones win.</summary>
public static class OptionsLoader
{
    /// <summary>The settings file's name in the home folder.</summary>
    public const string FileName = "sekisho.json";

    /// <summary>What begins the name of an environment variable that holds a setting, as in <c>SEKISHO_Smtp__HostName</c>.</summary>
    public const string Prefix = "SEKISHO_";

    /// <summary>Environment variables with the prefix that are no settings.</summary>
    private static readonly string[] NoSettings = ["HOME", "MASTER_KEY"];

    /// <summary>Reads and checks the settings.</summary>
    /// <param name="home">The home folder; it need not exist.</param>
    /// <param name="switches">Settings from the command line, such as <c>Smtp:HostName</c>.</param>
    /// <exception cref="OptionsException">At least one setting cannot be used.</exception>
    public static SekishoOptions Load(string home, IReadOnlyDictionary<string, string?>? switches = null)
    {
        var (options, faults) = Read(home, switches);
        return faults.Count == 0 ? options : throw new OptionsException(faults);
    }

    /// <summary>Reads the settings and tells all that is wrong with them.</summary>
    public static (SekishoOptions Options, IReadOnlyList<string> Faults) Read(string home, IReadOnlyDictionary<string, string?>? switches = null)
    {
        home = Path.GetFullPath(home);
        var file = Path.Combine(home, FileName);
        var options = new SekishoOptions();
        var faults = new List<string>();
        try
        {
            var builder = new ConfigurationBuilder();
            if (File.Exists(file))
            {
                builder.AddJsonStream(new MemoryStream(File.ReadAllBytes(file)));
            }

            builder.Add(new EnvironmentSource());
            builder.AddInMemoryCollection(switches ?? new Dictionary<string, string?>());
            var settings = builder.Build();
            OptionsBinding.Bind(settings, options, faults);
        }
        catch (Exception e) when (e is FormatException or JsonException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            faults.Add($"{file}: {(e.InnerException ?? e).Message}");
        }

        options.Home = home;
        FillIn(options);
        if (faults.Count == 0)
        {
            faults.AddRange(OptionsCheck.Faults(options));
        }

        return (options, faults);
    }

    /// <summary>Gives what was left open its default. Lists begin empty because configuration adds to a list instead of replacing it.</summary>
    private static void FillIn(SekishoOptions options)
    {
        if (options.Smtp.Listen.Count == 0)
        {
            options.Smtp.Listen.Add("127.0.0.1:2525");
        }

        if (options.Smtp.RelayDomains.Count == 0)
        {
            options.Smtp.RelayDomains.Add("hospital.test");
        }

        if (options.Smtp.HostName.Length == 0)
        {
            options.Smtp.HostName = Dns.GetHostName().ToLowerInvariant();
        }

        if (options.Delivery.RetrySchedule.Count == 0)
        {
            options.Delivery.RetrySchedule = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30), TimeSpan.FromHours(1)];
        }

        options.Delivery.Maildir = InHome(options, options.Delivery.Maildir, "maildir");
        options.Store.MasterKeyFile = InHome(options, options.Store.MasterKeyFile, "master.key");

        // What stands in HOME/sekisho.json is meant from there, wherever the gateway is started.
        options.Smtp.RecipientList = InHome(options, options.Smtp.RecipientList);
        options.Smtp.CertificateFile = InHome(options, options.Smtp.CertificateFile);
        options.Smtp.CertificateKeyFile = InHome(options, options.Smtp.CertificateKeyFile);
        options.Senders.StaffFile = InHome(options, options.Senders.StaffFile);
        options.Staff.CaFile = InHome(options, options.Staff.CaFile);
        options.Staff.PasswordFile = InHome(options, options.Staff.PasswordFile);
        options.Signatures.Folders = [.. options.Signatures.Folders.Select(folder => InHome(options, folder)!)];
    }

    private static string? InHome(SekishoOptions options, string? path) => string.IsNullOrEmpty(path) ? path : Path.Combine(options.Home, path);

    private static string InHome(SekishoOptions options, string path, string name) => Path.Combine(options.Home, path.Length == 0 ? name : path);

    /// <summary>Reads <c>SEKISHO_A__B</c> as <c>A:B</c>.</summary>
    private sealed class EnvironmentSource : IConfigurationSource
    {
        public IConfigurationProvider Build(IConfigurationBuilder builder) => new Provider();

        private sealed class Provider : ConfigurationProvider
        {
            public override void Load()
            {
                foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
                {
                    var name = (string)variable.Key;
                    // Only names with a section are settings; SEKISHO_CORPUS and the like belong to others.
                    if (name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && name.Contains("__", StringComparison.Ordinal)
                        && !NoSettings.Contains(name[Prefix.Length..], StringComparer.OrdinalIgnoreCase))
                    {
                        Data[name[Prefix.Length..].Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal)] = (string?)variable.Value;
                    }
                }
            }
        }
    }
}
