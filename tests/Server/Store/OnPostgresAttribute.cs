using System.Reflection;
using Xunit.Sdk;

namespace Sekisho.Server.Tests.Store;

/// <summary>Runs a theory on SQLite.</summary>
internal sealed class OnSqliteAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[Engine.Sqlite]];
}

/// <summary>Runs a theory on PostgreSQL. Without one installed the test fails, unless SEKISHO_TESTS_QUICK=1 asks to skip it.</summary>
internal sealed class OnPostgresAttribute : DataAttribute
{
    public OnPostgresAttribute()
    {
        if (PostgresServer.Programs is null && Environment.GetEnvironmentVariable("SEKISHO_TESTS_QUICK") == "1")
        {
            Skip = "PostgreSQL is not installed, and SEKISHO_TESTS_QUICK=1.";
        }
    }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[Engine.Postgres]];
}
