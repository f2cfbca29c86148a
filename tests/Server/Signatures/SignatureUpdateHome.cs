using Sekisho.Options;
using Sekisho.Signatures;
using Sekisho.Store;

namespace Sekisho.Server.Tests.Signatures;

/// <summary>A home folder whose signatures are updated.</summary>
public abstract class SignatureUpdateHome : IAsyncLifetime
{
    protected readonly string _folder = Directory.CreateTempSubdirectory("sekisho-signatures-").FullName;
    protected readonly SekishoOptions _options;
    private protected SignatureHome _home = null!;
    private protected SignatureUpdate _update = null!;
    private protected MessageStore _store = null!;
    private Spool _spool = null!;

    protected SignatureUpdateHome() => _options = new SekishoOptions { Home = Path.Combine(_folder, "home") };

    public async Task InitializeAsync()
    {
        _spool = new Spool(Path.Combine(_folder, "spool"));
        _store = await MessageStore.OpenAsync(_options, _spool, TimeProvider.System, CancellationToken.None);
        _home = new SignatureHome(_options.Home);
        _update = new SignatureUpdate(_home, _store, TimeProvider.System, "tester");
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        _spool.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
