using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Sekisho.Signatures;

/// <summary>Fetches a bundle or feed, within bounds of size and time.</summary>
public static class SignatureDownload
{
    /// <summary>Octets of a download.</summary>
    public const long MaxOctets = 512L << 20;

    /// <summary>Time for a download.</summary>
    public static readonly TimeSpan MaxTime = TimeSpan.FromMinutes(10);

    /// <summary>Fetches into a file.</summary>
    /// <param name="from">An http or https address.</param>
    /// <param name="file">Is written, or overwritten.</param>
    /// <param name="proxy">The proxy's address; null for that of HTTPS_PROXY, HTTP_PROXY and NO_PROXY.</param>
    /// <param name="authKey">Sent as <c>Auth-Key</c>, as abuse.ch asks for, by https only; null for none. With it no redirection is followed.</param>
    /// <param name="most">Octets at most.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="SignatureException">It could not be fetched; the message says why.</exception>
    public static async Task FetchAsync(Uri from, string file, string? proxy, string? authKey, long most, TimeProvider time, CancellationToken cancel)
    {
        if (authKey is not null && from.Scheme != Uri.UriSchemeHttps)
        {
            throw new SignatureException($"{from}: the key would go over plain http, where anybody on the way can read it. Use https.");
        }

        using var handler = new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None, ConnectTimeout = TimeSpan.FromSeconds(30), MaxAutomaticRedirections = 5, AllowAutoRedirect = authKey is null };
        if (proxy is not null)
        {
            handler.Proxy = Uri.TryCreate(proxy, UriKind.Absolute, out var address) ? new WebProxy(address) : throw new SignatureException($"--proxy: \"{proxy}\" is no address. Example: http://proxy.hospital.example:8080");
        }

        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        using var ending = new CancellationTokenSource(MaxTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, ending.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, from);
            request.Headers.TryAddWithoutValidation("User-Agent", "sekisho");
            if (authKey is not null)
            {
                request.Headers.TryAddWithoutValidation("Auth-Key", authKey);
            }

            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw new SignatureException($"{from}: the server answered {(int)response.StatusCode} {response.ReasonPhrase}.");
            }

            await using var octets = await response.Content.ReadAsStreamAsync(either.Token).ConfigureAwait(false);
            await using var target = new FileStream(file, FileMode.Create, FileAccess.Write);
            var buffer = new byte[64 << 10];
            var total = 0L;
            int got;
            while ((got = await octets.ReadAsync(buffer, either.Token).ConfigureAwait(false)) > 0)
            {
                total += got;
                if (total > most)
                {
                    throw new SignatureException($"{from}: more than {most >> 20:N0} MiB.");
                }

                await target.WriteAsync(buffer.AsMemory(0, got), either.Token).ConfigureAwait(false);
            }

            if (response.Content.Headers.ContentLength is { } said && said != total)
            {
                throw new SignatureException($"{from}: the connection ended after {total:N0} of {said:N0} octets.");
            }
        }
        catch (Exception e) when (e is HttpRequestException or HttpIOException)
        {
            throw new SignatureException($"{from}: {e.Message}", e);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new SignatureException($"{from}: not fetched within {MaxTime.TotalMinutes:N0} minutes.", e);
        }
    }

    /// <summary>A feed's name made of its address: host and last part of the path to be recognised by, and a hash of the whole, since feeds may differ in folder or query only.</summary>
    public static string NameOf(Uri from)
    {
        var last = from.Segments[^1].Trim('/');
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(from.AbsoluteUri)).AsSpan(0, 4));
        return string.Concat($"{from.Host}{(last.Length > 0 ? "-" + last : "")}".Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '_').Take(120)) + "-" + hash;
    }
}
