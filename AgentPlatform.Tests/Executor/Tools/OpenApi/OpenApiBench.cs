using AgentPlatform.Executor.Agents;
using AgentPlatform.Executor.Agents.Files;
using AgentPlatform.Executor.Tools;
using AgentPlatform.Executor.Tools.OpenApi;
using AgentPlatform.Tests.Executor.Agents;
using AgentPlatform.Tests.Executor.Tools.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;
using Xunit;

namespace AgentPlatform.Tests.Executor.Tools.OpenApi;

/// <summary>A folder with agent files and documents, and an executor's tools over it.</summary>
internal sealed class OpenApiBench : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    /// <param name="settings">Below <c>Tools:</c>.</param>
    public OpenApiBench(TimeProvider? time, params (string Key, string Value)[] settings) =>
        _services = HttpToolBench.Services(settings.Select(setting => KeyValuePair.Create($"Tools:{setting.Key}", (string?)setting.Value)), time);

    public string Folder { get; } = Directory.CreateTempSubdirectory("openapi-").FullName;

    public CapturedLog<AgentCatalogue> Log { get; } = new();

    public OpenApiDocuments Documents => _services.GetRequiredService<OpenApiDocuments>();

    public ToolCatalogue Tools => _services.GetRequiredService<ToolCatalogue>();

    public static string Agent(string openApi, string more = "") =>
        $"name: shop\ndescription: Sells pets.\ninstructions: Help.\n{more}openapi:\n{openApi}";

    public void Write(string file, string text) => File.WriteAllText(Path.Combine(Folder, file), text);

    public AgentCatalogue Catalogue() => new(
        new AgentFolder(Options.Create(new AgentOptions { Directory = Folder }), new HostingEnvironment { ContentRootPath = Folder }),
        Tools,
        AgentBench.Models,
        new AgentVersionStore(AgentBench.Nowhere),
        Log,
        Documents,
        _services.GetRequiredService<ToolSecrets>());

    /// <summary>The one agent of this text, with the documents of the folder.</summary>
    public AgentDefinition Read(string agent)
    {
        Write("shop.yaml", agent);
        return Catalogue().Find("shop")!;
    }

    /// <summary>What is wrong with this text, as it is told, without the folder before the file.</summary>
    public IReadOnlyList<string> ErrorsOf(string agent)
    {
        Write("shop.yaml", agent);
        return [.. Assert.Throws<AgentFilesException>(Catalogue).Errors.Select(error => error.ToString().Replace($"{Folder}/", "", StringComparison.Ordinal))];
    }

    public async Task<ToolResult> CallAsync(AgentDefinition agent, string tool, string arguments) =>
        await _services.GetRequiredService<ToolInvoker>().InvokeAsync(
            Tools.Resolve(agent).Tools.Single(found => found.Name == tool), arguments, ToolBench.Call, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
