using System.Reflection;
using System.Text.Json;
using AgentPlatform.Executor.Agents.Files;
using AgentPlatform.Executor.Tools;
using AgentPlatform.Tests.Executor.Tools.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AgentPlatform.Tests.Executor.Tools.Assemblies;

/// <summary>Tools of a project that the platform does not know: the example, as it is built.</summary>
public sealed class PluginAssemblyTests
{
    private static readonly string Example = Metadata("OrderTools");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_assembly_or_a_folder_of_them_brings_its_tools(bool folder)
    {
        using var services = Services(folder ? Path.GetDirectoryName(Example)! : Example);
        var tools = services.GetRequiredService<ToolCatalogue>();

        Assert.Equal(
            [("order_cancel", ToolEffect.Idempotent, 10.0), ("order_status", ToolEffect.Read, 5.0)],
            tools.All.Where(tool => tool.Name.StartsWith("order_", StringComparison.Ordinal)).Select(tool => (tool.Name, tool.Effect, tool.Deadline.TotalSeconds)));
        Assert.Equal(["number", "reason"], tools.Find("order_cancel")!.Schema.GetProperty("properties").EnumerateObject().Select(property => property.Name));
        Assert.Equal("OrderTools.dll (OrderPlugin)", tools.View().Single(tool => tool.Name == "order_status").Source);
    }

    [Fact]
    public async Task Its_tools_are_called_with_their_settings_their_keys_and_their_own_words()
    {
        using var services = Services(Example);

        var status = await HttpToolBench.CallAsync(services, """{"number":4711}""", "order_status");
        var cancelled = await HttpToolBench.CallAsync(services, """{"number":4711,"reason":"Too late."}""", "order_cancel");
        var again = await HttpToolBench.CallAsync(services, """{"number":4711,"reason":"Too late."}""", "order_cancel");
        var old = await HttpToolBench.CallAsync(services, """{"number":4713,"reason":"Too late."}""", "order_cancel", "call_2");
        var unknown = await HttpToolBench.CallAsync(services, """{"number":1}""", "order_status");

        Assert.Equal("paid", JsonElement.Parse(status.Text).GetProperty("state").GetString());
        Assert.Equal((null, "cancelled"), (cancelled.Error, JsonElement.Parse(cancelled.Text).GetProperty("state").GetString()));
        Assert.Equal(cancelled.Text, again.Text);
        Assert.Equal((ToolErrorKind.Failed, "Order 4713 cannot be cancelled any more: it is paid. Offer to return it instead."), (old.Error, old.Text));
        Assert.Equal((ToolErrorKind.InvalidArguments, "There is no order 1. Ask the customer for the number on the invoice."), (unknown.Error, unknown.Text));
    }

    [Fact]
    public void Its_agent_is_valid_with_its_tools()
    {
        using var services = Services(Example);
        var agent = Assert.Single(AgentFiles.Parse(
            "agents", [new AgentFile("orders.yaml", File.ReadAllText(Metadata("OrderToolsAgent")))], [.. services.GetRequiredService<ToolCatalogue>().All.Select(tool => tool.Name)], ["default"]));

        Assert.Equal(["order_status", "order_cancel", "clock"], agent.Tools);
    }

    [Fact]
    public void What_cannot_be_used_ends_the_start_with_the_name_of_the_file()
    {
        var text = Path.GetTempFileName();
        var contract = typeof(ToolEffect).Assembly.Location;
        var own = typeof(PluginAssemblyTests).Assembly.Location;
        try
        {
            Assert.StartsWith("Tools:Plugins:0: there is neither a file nor a folder 'no/such.dll'.", Error("no/such.dll"), StringComparison.Ordinal);
            Assert.StartsWith($"{text} cannot be loaded: ", Error(text), StringComparison.Ordinal);
            Assert.Equal($"{contract} has no tools: none of its public classes has a public method with [KernelFunction].", Error(contract));
            Assert.StartsWith($"{typeof(GreedyPlugin).FullName} of {own} cannot be made: ", Error(own), StringComparison.Ordinal);
            Assert.EndsWith("A constructor may ask for ILogger<T>, ILoggerFactory, IConfiguration (its own section), HttpClient and TimeProvider.", Error(own), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(text);
        }
    }

    [Fact]
    public void A_name_that_is_taken_ends_the_start_naming_both()
    {
        using var services = Services(
            Example,
            ("Tools:Http:order_status:Description", "Tells."),
            ("Tools:Http:order_status:Method", "GET"),
            ("Tools:Http:order_status:Url", "https://orders.example.org/"));

        var error = Assert.Throws<InvalidOperationException>(services.GetRequiredService<ToolCatalogue>);

        Assert.Equal("The tool 'order_status' is in both OrderTools.dll (OrderPlugin) and Tools:Http. Rename the one in the configuration.", error.Message);
    }

    private static string Metadata(string key) => Path.GetFullPath(
        typeof(PluginAssemblyTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!);

    private static string Error(string plugin)
    {
        using var services = Services(plugin);
        return Assert.Throws<InvalidOperationException>(services.GetRequiredService<ToolCatalogue>).Message;
    }

    private static ServiceProvider Services(string plugin, params (string Key, string Value)[] more) => HttpToolBench.Services(
    [
        new("Tools:Plugins:0", plugin),
        new("Tools:Settings:OrderTools:CancelWithin", "2.00:00:00"),
        .. more.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)),
    ]);
}
