using AgentPlatform.Executor.Tools;
using AgentPlatform.Executor.Tools.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace AgentPlatform.Tests.Executor.Tools.Http;

public sealed class HttpToolSectionTests
{
    [Theory]
    [InlineData("GET", null, ToolEffect.Read)]
    [InlineData("put", null, ToolEffect.Idempotent)]
    [InlineData("DELETE", null, ToolEffect.Idempotent)]
    [InlineData("POST", null, ToolEffect.Write)]
    [InlineData("PATCH", null, ToolEffect.Write)]
    [InlineData("POST", "Read", ToolEffect.Read)]
    [InlineData("GET", "pure", ToolEffect.Pure)]
    public void The_effect_comes_from_the_method_unless_it_is_declared(string method, string? effect, ToolEffect expected) =>
        Assert.Equal(expected, Tool(("Method", method), ("Url", "https://example.org/"), ("Effect", effect)).Effect);

    [Fact]
    public void Parameters_become_the_schema_that_a_model_sees()
    {
        var tool = Tool(
            ("Method", "POST"), ("Url", "https://example.org/{id}"),
            ("Parameters:id:Description", "Which."), ("Parameters:count:Type", "integer"), ("Parameters:count:Required", "false"),
            ("Parameters:kind:Enum:0", "a"), ("Parameters:kind:Enum:1", "b"), ("Parameters:tags:Type", "array"), ("Parameters:tags:Items", "number"),
            ("Parameters:code:Schema", """{"type":"string","pattern":"^[A-Z]+$"}"""));

        Assert.Equal(
            """{"type":"object","properties":{"code":{"type":"string","pattern":"^[A-Z]\u002B$"},"count":{"type":"integer"},"id":{"type":"string","description":"Which."},"kind":{"type":"string","enum":["a","b"]},"tags":{"type":"array","items":{"type":"number"}}},"required":["code","id","kind","tags"],"additionalProperties":false}""",
            tool.Schema.GetRawText());
        Assert.Equal("A tool.", tool.Description);
    }

    [Fact]
    public void Everything_wrong_in_the_section_is_said_at_once()
    {
        using var services = HttpToolBench.Services([
            new("Tools:Http:bad name:Description", "A tool."),
            new("Tools:Http:bad name:Method", "GET"),
            new("Tools:Http:bad name:Url", "https://example.org/"),
            new("Tools:Http:b:Methd", "GET"),
            new("Tools:Http:b:Url", "https://{host}/x"),
            new("Tools:Http:c:Description", "A tool."),
            new("Tools:Http:c:Method", "FETCH"),
            new("Tools:Http:c:Url", "https://user:s3cret@example.org/"),
            new("Tools:Http:c:Effect", "none"),
            new("Tools:Http:c:DeadlineSeconds", "0"),
            new("Tools:Http:c:AllowPrivate", "yes"),
            new("Tools:Http:c:Headers:Host", "s3cret"),
            new("Tools:Http:c:Headers:X-Key", "s3crét"),
            new("Tools:Http:d:Description", "A tool."),
            new("Tools:Http:d:Method", "GET"),
            new("Tools:Http:d:Url", "https://example.org/{id}/{other}?q={q}"),
            new("Tools:Http:d:Parameters:id:Required", "false"),
            new("Tools:Http:d:Parameters:q:Type", "object"),
            new("Tools:Http:d:Parameters:r:Type", "text"),
            new("Tools:Http:d:Parameters:s:Schema", "{"),
        ]);

        var error = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<HttpToolsOptions>>().Value);

        Assert.Equal(
            [
                "Tools:Http:b:Methd: there is no such setting. Known are Description, Method, Url, Effect, Parameters, DeadlineSeconds, MaxResultLength, Headers, AllowPrivate, Untrusted.",
                "Tools:Http:b:Description: it is missing; say what the tool does and when to use it; the model reads this.",
                "Tools:Http:b:Method: it is missing; give one of GET, POST, PUT, PATCH, DELETE.",
                "Tools:Http:b:Url: the URL may have {placeholders} in its path and query only, so that a model cannot choose the host.",
                "Tools:Http:bad name: models do not accept this name. Use 1 to 64 of A-Z, a-z, 0-9, _ and -.",
                "Tools:Http:c:Method: 'FETCH' is not one of GET, POST, PUT, PATCH, DELETE.",
                "Tools:Http:c:Url: the URL may have neither a user name nor a fragment; give credentials as a header, Headers:Authorization.",
                "Tools:Http:c:Effect: 'none' is not one of pure, read, idempotent, write.",
                "Tools:Http:c:DeadlineSeconds: '0' is not a number from 0.1 to 600.",
                "Tools:Http:c:Headers:Host: this header cannot be set here, it is the platform's own or no request header. Remove it.",
                "Tools:Http:c:Headers:X-Key: a header's value is printable ASCII and not empty. Give one, or remove the header.",
                "Tools:Http:c:AllowPrivate: 'yes' is neither true nor false.",
                "Tools:Http:d:Parameters:id:Required: it is part of the URL's path and cannot be left out. Remove the setting, or move the placeholder into the query.",
                "Tools:Http:d:Parameters:q:Type: a placeholder of the URL takes string, integer, number, boolean only.",
                "Tools:Http:d:Parameters:r:Type: 'text' is not one of string, integer, number, boolean, array, object.",
                "Tools:Http:d:Parameters:s:Schema: this is no JSON schema in one string. Give one such as {\"type\":\"string\",\"pattern\":\"^[A-Z]+$\"}.",
                "Tools:Http:d:Parameters:other: the URL has the placeholder {other}; declare a parameter of exactly this name.",
            ],
            error.Failures);
    }

    [Theory]
    [InlineData("orders.example.org/x")]
    [InlineData("ftp://example.org/x")]
    [InlineData("https://")]
    [InlineData("https://example.org/{open")]
    [InlineData("https://example.org/x#part")]
    [InlineData("http://0.0.0.0/x")]
    public void A_url_that_cannot_be_called_is_refused_at_the_start(string url)
    {
        using var services = Services(("Method", "GET"), ("Url", url));

        var error = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<HttpToolsOptions>>().Value);

        Assert.StartsWith("Tools:Http:t:Url: the URL ", Assert.Single(error.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_taken_ends_the_start()
    {
        using var services = HttpToolBench.Services([
            new("Tools:Http:http_get:Description", "A tool."),
            new("Tools:Http:http_get:Method", "GET"),
            new("Tools:Http:http_get:Url", "https://example.org/"),
        ]);

        var error = Assert.Throws<InvalidOperationException>(services.GetRequiredService<ToolCatalogue>);

        Assert.Equal("The tool 'http_get' is in both HttpGetPlugin and Tools:Http. Rename the one in the configuration.", error.Message);
    }

    private static AgentTool Tool(params (string Key, string? Value)[] settings)
    {
        using var services = Services(settings);
        return services.GetRequiredService<ToolCatalogue>().Find("t")!;
    }

    private static ServiceProvider Services(params (string Key, string? Value)[] settings) => HttpToolBench.Services([
        new("Tools:Http:t:Description", "A tool."),
        .. settings.Select(setting => new KeyValuePair<string, string?>($"Tools:Http:t:{setting.Key}", setting.Value)),
    ]);
}
