using AgentPlatform.Executor.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using Xunit;

namespace AgentPlatform.Tests.Executor.Tools;

public sealed class ToolCatalogueTests
{
    private readonly ToolBench _bench = new();

    [Fact]
    public void The_schema_offered_holds_exactly_what_a_model_may_fill()
    {
        var schema = _bench.Catalogue.Find("echo")!.Schema;

        Assert.Equal(
            """{"type":"object","properties":{"text":{"description":"What to say","type":"string"},"times":{"type":"integer","default":1,"minimum":1,"maximum":5},"colour":{"type":"string","enum":["dark_red","green"],"default":"dark_red"}},"required":["text"],"additionalProperties":false}""",
            System.Text.Json.JsonSerializer.Serialize(schema));
    }

    [Fact]
    public void What_the_platform_fills_is_not_offered()
    {
        var schema = _bench.Catalogue.Find("write_once")!.Schema;

        Assert.Equal(["what"], schema.GetProperty("properties").EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public void A_tool_that_declares_nothing_counts_as_a_write()
    {
        Assert.Equal(ToolEffect.Write, _bench.Catalogue.Find("undeclared")!.Effect);
        Assert.Equal(TimeSpan.FromSeconds(30), _bench.Catalogue.Find("undeclared")!.Deadline);
    }

    [Fact]
    public void Models_are_offered_declarations_that_nobody_can_invoke()
    {
        var declared = _bench.Catalogue.Declare(["echo", "nothing", "order"]);

        Assert.Equal(["echo", "order"], declared.Select(tool => tool.Name));
        Assert.All(declared, tool => Assert.IsNotType<AIFunction>(tool, exactMatch: false));
        Assert.Equal("Says it again.", declared[0].Description);
        Assert.Equal(
            _bench.Catalogue.Find("echo")!.Schema.ToString(), Assert.IsType<AIFunctionDeclaration>(declared[0], exactMatch: false).JsonSchema.ToString());
    }

    [Fact]
    public void The_tools_that_ship_are_registered_with_their_effects()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddLogging().AddTools().AddTools();

        var catalogue = services.BuildServiceProvider().GetRequiredService<ToolCatalogue>();

        Assert.Equal(
            [("calculator", ToolEffect.Pure), ("clock", ToolEffect.Read), ("http_get", ToolEffect.Read)],
            catalogue.All.Select(tool => (tool.Name, tool.Effect)));
    }

    [Fact]
    public void Two_tools_of_one_name_end_the_start()
    {
        var services = new ServiceCollection().AddSingleton<TestPlugin>().AddSingleton<SecondEcho>().BuildServiceProvider();

        var error = Assert.Throws<InvalidOperationException>(
            () => new ToolCatalogue(services, [new ToolPlugin(typeof(TestPlugin)), new ToolPlugin(typeof(SecondEcho))]));

        Assert.Equal("The tool 'echo' is in both TestPlugin and SecondEcho. Rename one in its [KernelFunction].", error.Message);
    }

    private sealed class SecondEcho
    {
        [KernelFunction("echo")]
        public static string Again(string text) => text;
    }
}
