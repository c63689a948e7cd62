using System.Diagnostics.CodeAnalysis;
using AgentPlatform.Executor.Agents;
using AgentPlatform.Executor.Agents.Files;
using AgentPlatform.Executor.Storage;
using AgentPlatform.Executor.Tools;
using AgentPlatform.Executor.Tools.Calculator;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AgentPlatform.Tests.Executor.Agents;

/// <summary>A folder of agent files with a catalogue over it; its Postgres is a port where nothing listens.</summary>
internal sealed class AgentBench : IDisposable
{
    public static readonly AgentModels Models = new(["default", "small"], name => $"openai|https://models.example|{name}-1");

    /// <summary>A database that is away.</summary>
    public static readonly ApplicationDataSource Nowhere = new("Host=127.0.0.1;Port=1;Username=x;Database=x", new StorageOptions());

    public const string MinimalJson = """{"name":"a","description":"Says hello.","instructions":"Say hello."}""";

    public string Root { get; } = Directory.CreateTempSubdirectory("agents-").FullName;

    public string Folder => Path.Combine(Root, "agents");

    public CapturedLog<AgentCatalogue> Log { get; } = new();

    public AgentFolder Files => FilesOf("agents");

    public static ToolCatalogue Tools { get; } = new(
        new Provider(), [new ToolPlugin(typeof(CalculatorPlugin)), new ToolPlugin(typeof(ClockPlugin))]);

    public static string Minimal(string name, string more = "") =>
        $"name: {name}\ndescription: Says hello.\ninstructions: Say hello.\n{more}";

    public void Write(string file, string text)
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, file), text);
    }

    public AgentCatalogue Catalogue(string directory = "agents") =>
        new(FilesOf(directory), Tools, Models, new AgentVersionStore(Nowhere), Log);

    private AgentFolder FilesOf(string directory) =>
        new(Options.Create(new AgentOptions { Directory = directory }), new Environment(Root));

    public void Dispose()
    {
        Directory.Delete(Root, recursive: true);
    }

    private sealed class Provider : IServiceProvider
    {
        public object? GetService(Type serviceType) =>
            serviceType == typeof(CalculatorPlugin) ? new CalculatorPlugin() : new ClockPlugin(new FakeTimeProvider());
    }

    private sealed class Environment(string root) : IHostEnvironment
    {
        public string ApplicationName { get; set; } = "test";

        public string EnvironmentName { get; set; } = "Development";

        public string ContentRootPath { get; set; } = root;

        [field: AllowNull]
        public IFileProvider ContentRootFileProvider { get => field ??= new NullFileProvider(); set; }
    }
}
