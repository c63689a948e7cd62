extern alias apphost;
using apphost::AgentPlatform.AppHost.Local;
using Xunit;

namespace AgentPlatform.Tests.AppHost;

public sealed class ServiceEnvironmentTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("service-environment-").FullName;

    [Fact]
    public void A_service_gets_its_address_its_name_and_its_log_file()
    {
        var environment = For(_ => null);

        Assert.Equal("http://127.0.0.1:21001", environment["ASPNETCORE_URLS"]);
        Assert.Equal("Development", environment["ASPNETCORE_ENVIRONMENT"]);
        Assert.Equal("executor", environment["OTEL_SERVICE_NAME"]);
        Assert.Equal("service.instance.id=executor-2", environment["OTEL_RESOURCE_ATTRIBUTES"]);
        Assert.Equal(Path.Combine(_folder, "logs", "executor-2.jsonl"), environment["Logging__File__Path"]);
        Assert.Equal("there", environment["ConnectionStrings__cache"]);
    }

    [Fact]
    public void What_the_caller_stated_is_kept()
    {
        var environment = For(name => name switch
        {
            "ASPNETCORE_ENVIRONMENT" => "Staging",
            "OTEL_RESOURCE_ATTRIBUTES" => "team=blue",
            _ => null,
        });

        Assert.Equal("Staging", environment["ASPNETCORE_ENVIRONMENT"]);
        Assert.Equal("team=blue,service.instance.id=executor-2", environment["OTEL_RESOURCE_ATTRIBUTES"]);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private IReadOnlyDictionary<string, string?> For(Func<string, string?> inherited)
    {
        using var data = LocalData.Open(_folder, out _)!;
        var references = new Dictionary<string, string?> { ["ConnectionStrings__cache"] = "there" };
        var replica = new ServiceReplica("executor", 2, 21001, "127.0.0.1", new BuiltProgram("/nowhere/x.dll"), data, references);
        return ServiceEnvironment.For(replica, "executor", references, inherited);
    }
}
