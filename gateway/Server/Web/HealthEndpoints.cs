using Sekisho.Housekeeping;

namespace Sekisho.Web;

/// <summary>Says to load balancers and monitors whether the process lives and whether it takes letters.</summary>
public static class HealthEndpoints
{
    /// <summary><c>/health/live</c>: 200 while the process answers. <c>/health/ready</c>: 200 while letters can be kept, else 503 with the reasons.</summary>
    public static void Map(WebApplication app)
    {
        app.MapGet("/health/live", () => Results.Text("live\n"));
        app.MapGet("/health/ready", async (GatewayHealth health, CancellationToken cancel) =>
            await health.ProblemsAsync(cancel) is { Count: > 0 } problems
                ? Results.Text(string.Join('\n', problems) + "\n", statusCode: StatusCodes.Status503ServiceUnavailable)
                : Results.Text("ready\n"));
    }
}
