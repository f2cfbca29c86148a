using System.Collections;
using System.Reflection;
using System.Text.RegularExpressions;
using Sekisho.Options;
using YamlDotNet.RepresentationModel;

namespace Sekisho.Server.Tests;

/// <summary>Checks the container files and the systemd unit as far as that goes without a container engine.</summary>
public sealed class DockerTests
{
    private static readonly string Top = Repository.Root;

    /// <summary>The compose files.</summary>
    public static TheoryData<string> ComposeFiles => ["compose.yaml", "compose.cluster.yaml"];

    /// <summary>What the Dockerfile copies from the repository is there.</summary>
    [Fact]
    public void Dockerfile_CopiesWhatExists()
    {
        var copies = Instructions("COPY").Where(words => !words.Any(word => word.StartsWith("--from=", StringComparison.Ordinal))).ToList();
        Assert.NotEmpty(copies);
        foreach (var words in copies)
        {
            foreach (var source in words.Where(word => !word.StartsWith("--", StringComparison.Ordinal)).SkipLast(1))
            {
                Assert.True(Path.Exists(Path.Combine(Top, source)), $"docker/Dockerfile copies {source}, which does not exist");
                Assert.Contains(
                    File.ReadAllLines(Path.Combine(Top, ".dockerignore")),
                    line => line.StartsWith('!') && (source == line[1..] || source.StartsWith(line[1..] + "/", StringComparison.Ordinal)));
            }
        }
    }

    /// <summary>What the build needs is copied: the gateway, and the signatures once there are any.</summary>
    [Fact]
    public void Dockerfile_CopiesWhatTheBuildNeeds()
    {
        var copied = Instructions("COPY").SelectMany(words => words.SkipLast(1)).ToHashSet();
        Assert.Contains("gateway", copied);
        var signatures = Path.Combine(Top, "signatures");
        Assert.Equal(Directory.Exists(signatures) && Directory.EnumerateFiles(signatures, "*", SearchOption.AllDirectories).Any(), copied.Contains("signatures"));
    }

    /// <summary>The image does not run as root, and names the settings it makes rightly.</summary>
    [Fact]
    public void Dockerfile_IsUnprivilegedAndSetsRealSettings()
    {
        var text = File.ReadAllText(Path.Combine(Top, "docker/Dockerfile"));
        Assert.Equal("10001:10001", Assert.Single(Instructions("USER"))[0]);
        Assert.Contains("libyara9", text, StringComparison.Ordinal);
        var names = Regex.Matches(text, @"\b(SEKISHO_\w+)=").Select(match => match.Groups[1].Value).ToList();
        Assert.NotEmpty(names);
        Assert.All(names, AssertIsSetting);
    }

    /// <summary>The port that EXPOSE names, the one the gateway is told to listen on and the one the health check asks are the same.</summary>
    [Fact]
    public void Dockerfile_PortsAgree()
    {
        var text = File.ReadAllText(Path.Combine(Top, "docker/Dockerfile"));
        var smtp = Regex.Match(text, @"SEKISHO_Smtp__Listen__0=0\.0\.0\.0:(\d+)").Groups[1].Value;
        var web = Regex.Match(text, @"SEKISHO_Web__Listen=0\.0\.0\.0:(\d+)").Groups[1].Value;
        Assert.Equal([smtp, web], Assert.Single(Instructions("EXPOSE")));
        Assert.Contains($"\"/opt/sekisho/healthcheck\", \"{web}\"", text, StringComparison.Ordinal);
    }

    /// <summary>A container's port is one that the image exposes, every setting is a real one, every secret, volume and file is declared.</summary>
    [Theory]
    [MemberData(nameof(ComposeFiles))]
    public void Compose_FitsTheImageAndTheSettings(string file)
    {
        var root = Compose(file);
        var exposed = Assert.Single(Instructions("EXPOSE"));
        var gateways = Services(root).Where(service => Text(service.Value, "image") is "sekisho").ToList();
        Assert.NotEmpty(gateways);
        foreach (var (name, service) in gateways)
        {
            foreach (var port in Sequence(service, "ports"))
            {
                Assert.Contains(port.Split(':')[^1], exposed);
            }

            Assert.All(((YamlMappingNode)service["environment"]).Children.Keys.Select(key => key.ToString()), AssertIsSetting);
            Assert.Equal("true", Text(service, "read_only"));
            Assert.Equal(["ALL"], Sequence(service, "cap_drop"));
            Assert.Contains("no-new-privileges:true", Sequence(service, "security_opt"));
            Assert.True(File.Exists(Path.Combine(Top, "docker", Text((YamlMappingNode)service["build"], "context")!, Text((YamlMappingNode)service["build"], "dockerfile")!)), $"{name}: no such Dockerfile");
        }

        foreach (var (name, service) in Services(root))
        {
            Assert.All(Sequence(service, "secrets"), secret => Assert.True(Has(root, "secrets", secret), $"{name} uses the secret {secret}, which nobody declares"));
            Assert.All(Sequence(service, "volumes"), volume => Assert.True(Has(root, "volumes", volume.Split(':')[0]), $"{name} uses the volume {volume}, which nobody declares"));
            if (service.Children.TryGetValue("environment", out var environment))
            {
                foreach (var value in ((YamlMappingNode)environment).Children.Values.Select(value => value.ToString()))
                {
                    foreach (Match secret in Regex.Matches(value, @"/run/secrets/(\w+)"))
                    {
                        Assert.Contains(secret.Groups[1].Value, Sequence(service, "secrets"));
                    }
                }
            }
        }

        // Nobody may commit a secret by accident.
        Assert.Contains("docker/secrets/", File.ReadAllLines(Path.Combine(Top, ".gitignore")));
    }

    /// <summary>The state of a gateway lies on a volume: nothing that was answered 250 may go with the container.</summary>
    [Theory]
    [MemberData(nameof(ComposeFiles))]
    public void Compose_KeepsHomeOnAVolumeOfItsOwn(string file)
    {
        var volumes = Services(Compose(file)).Where(service => Text(service.Value, "image") is "sekisho").Select(service => Assert.Single(Sequence(service.Value, "volumes"))).ToList();
        Assert.All(volumes, volume => Assert.EndsWith(":/var/lib/sekisho", volume, StringComparison.Ordinal));
        Assert.Equal(volumes.Count, volumes.Distinct().Count());
    }

    /// <summary>The unit starts the gateway with arguments that it knows, in the home that systemd makes for it.</summary>
    [Fact]
    public void Unit_StartsTheGatewayWithKnownArguments()
    {
        var unit = File.ReadAllLines(Path.Combine(Top, "docker/sekisho.service")).Where(line => line.Contains('=', StringComparison.Ordinal) && line[0] != '#')
            .Select(line => line.Split('=', 2)).ToLookup(pair => pair[0], pair => pair[1]);
        var words = Assert.Single(unit["ExecStart"]).Split(' ');
        Assert.Equal("serve", words[1]);
        Assert.All(words.Where(word => word.StartsWith("--", StringComparison.Ordinal)), word => Assert.Contains(word, (string[])["--home", "--smtp", "--web", "--next-hop", "--relay-domain"]));
        Assert.Equal("/var/lib/" + Assert.Single(unit["StateDirectory"]), words[Array.IndexOf(words, "--home") + 1]);
        Assert.Equal("notify", Assert.Single(unit["Type"]));
        Assert.Equal("CAP_NET_BIND_SERVICE", Assert.Single(unit["AmbientCapabilities"]));
        Assert.NotEqual("root", Assert.Single(unit["User"]));
    }

    /// <summary>The guard itself: a name that is no setting is seen as none.</summary>
    [Theory]
    [InlineData("SEKISHO_Smtp__MaxRecipients", true)]
    [InlineData("SEKISHO_Smtp__Listen__0", true)]
    [InlineData("SEKISHO_Delivery__Routes__0__Hosts__1", true)]
    [InlineData("SEKISHO_HOME", true)]
    [InlineData("SEKISHO_Smtp__MaxRecipient", false)]
    [InlineData("SEKISHO_Smtp__Listen__first", false)]
    [InlineData("SEKISHO_Smtp", false)]
    public void SettingNames_AreToldApart(string name, bool real) => Assert.Equal(real, IsSetting(name));

    private static void AssertIsSetting(string name) => Assert.True(IsSetting(name), $"{name} is no setting of SekishoOptions");

    private static bool IsSetting(string name)
    {
        if (name is "SEKISHO_HOME" or "SEKISHO_MASTER_KEY" or "DOTNET_EnableDiagnostics")
        {
            return true;
        }

        var type = typeof(SekishoOptions);
        foreach (var word in name.Replace("SEKISHO_", "", StringComparison.Ordinal).Split("__"))
        {
            if (type.IsGenericType && typeof(IList).IsAssignableFrom(type))
            {
                if (!int.TryParse(word, out _))
                {
                    return false;
                }

                type = type.GetGenericArguments()[0];
            }
            else if (type.GetProperty(word, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase) is { } property)
            {
                type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            }
            else
            {
                return false;
            }
        }

        return type == typeof(string) || type.IsPrimitive || type.IsEnum || type == typeof(TimeSpan);
    }

    private static List<string[]> Instructions(string name) =>
        [.. File.ReadAllText(Path.Combine(Top, "docker/Dockerfile")).Replace("\\\n", " ", StringComparison.Ordinal).Split('\n')
            .Where(line => line.StartsWith(name + " ", StringComparison.Ordinal))
            .Select(line => line[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries))];

    private static YamlMappingNode Compose(string file)
    {
        var yaml = new YamlStream();
        using var reader = File.OpenText(Path.Combine(Top, "docker", file));
        yaml.Load(new YamlDotNet.Core.MergingParser(new YamlDotNet.Core.Parser(reader)));
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }

    private static IEnumerable<(string Name, YamlMappingNode Value)> Services(YamlMappingNode root) =>
        ((YamlMappingNode)root["services"]).Children.Select(service => (service.Key.ToString(), (YamlMappingNode)service.Value));

    private static bool Has(YamlMappingNode root, string section, string name) =>
        root.Children.TryGetValue(section, out var node) && ((YamlMappingNode)node).Children.ContainsKey(name);

    private static string? Text(YamlMappingNode node, string key) => node.Children.TryGetValue(key, out var value) ? value.ToString() : null;

    private static IReadOnlyList<string> Sequence(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out var value) ? [.. ((YamlSequenceNode)value).Select(item => item.ToString())] : [];
}
