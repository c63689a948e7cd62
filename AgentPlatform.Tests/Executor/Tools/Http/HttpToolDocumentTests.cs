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
        var json = Example().Replace("https://orders.example.org", bench.Home, StringComparison.Ordinal).Replace('…', 'x');
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

    private static string Example()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "AgentPlatform.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("no folder above the tests holds the solution");
        }

        var page = File.ReadAllText(Path.Combine(folder.FullName, "docs", "operations.md"));
        var start = page.IndexOf("```json\n", page.IndexOf("## HTTP tools", StringComparison.Ordinal), StringComparison.Ordinal) + 8;
        return page[start..page.IndexOf("```", start, StringComparison.Ordinal)];
    }
}
