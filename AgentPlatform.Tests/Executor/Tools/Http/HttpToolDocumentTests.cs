using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace AgentPlatform.Tests.Executor.Tools.Http;

/// <summary>The example of docs/operations.md, as it stands there.</summary>
public sealed class HttpToolDocumentTests
{
    [Fact]
    public async Task The_documented_example_works()
    {
        await using var bench = await HttpToolBench.StartAsync();
        bench.Answer = (context, _) => context.Response.WriteAsync("shipped");
        var json = Documentation.Example("operations.md", "## HTTP tools", "json").Replace("https://orders.example.org", bench.Home, StringComparison.Ordinal).Replace('…', 'x');
        var settings = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build().AsEnumerable();
        await using var services = HttpToolBench.Services([
            .. settings, new("Tools:Http:order_status:AllowPrivate", "true"), new("Tools:Http:order_cancel:AllowPrivate", "true"),
        ]);

        var status = await HttpToolBench.CallAsync(services, """{"number":"A-17","lines":true}""", "order_status");
        await HttpToolBench.CallAsync(services, """{"number":"A-17","reason":"other"}""", "order_cancel");

        Assert.Equal("shipped", status.Text);
        Assert.Equal(
            [("GET /orders/A-17?lines=true", ""), ("POST /orders/A-17/cancellation", """{"reason":"other"}""")],
            bench.Received.Select(received => (received.Line, received.Body)));
    }
}
