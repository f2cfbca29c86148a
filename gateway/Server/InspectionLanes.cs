namespace Sekisho;

/// <summary>Lets only so many letters be inspected at once, large ones apart from small ones, so that a few heavy letters never stop the line.</summary>
public sealed class InspectionLanes : IDisposable
{
    /// <summary>Letters from here on take the heavy lane.</summary>
    private const long Heavy = 256 << 10;

    private readonly SemaphoreSlim _light = new(Math.Max(8, Environment.ProcessorCount * 4));
    private readonly SemaphoreSlim _heavy = new(Math.Max(2, Environment.ProcessorCount));

    /// <summary>Waits for a place; dispose the result to leave it.</summary>
    /// <param name="length">Octets of the letter.</param>
    public async ValueTask<Place> EnterAsync(long length)
    {
        var lane = length < Heavy ? _light : _heavy;
        await lane.WaitAsync();
        return new Place(lane);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _light.Dispose();
        _heavy.Dispose();
    }

    /// <summary>A place in a lane.</summary>
    public readonly struct Place(SemaphoreSlim lane) : IDisposable
    {
        /// <inheritdoc />
        public void Dispose() => lane.Release();
    }
}
