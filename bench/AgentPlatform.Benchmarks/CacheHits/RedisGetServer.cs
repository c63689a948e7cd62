using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace AgentPlatform.Benchmarks.CacheHits;

/// <summary>
/// The yardstick: the least an endpoint can do that answers from Redis, one GET of a value as long as an answer. A process of its own, as the API is.
/// </summary>
internal sealed class RedisGetServer : IAsyncDisposable
{
    public const string Command = "redis-get";

    private const string Name = "yardstick";

    private readonly Process _process;

    private RedisGetServer(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    /// <param name="redis">Connection string.</param>
    public static async Task<RedisGetServer> StartAsync(string redis, CancellationToken cancellationToken)
    {
        var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [Command])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
            // Not an argument: it holds a password.
            Environment = { [Command] = redis },
        })!;
        var address = await process.StandardOutput.ReadLineAsync(cancellationToken);
        return new RedisGetServer(process, new Uri(address ?? throw new InvalidOperationException("The yardstick did not start.")));
    }

    /// <summary>In the child: serves until its input ends.</summary>
    public static async Task<int> ServeAsync(CancellationToken cancellationToken)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(Environment.GetEnvironmentVariable(Command)!);
        var database = redis.GetDatabase();
        await database.StringSetAsync(Name, new string('x', 600));
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.Run(async context =>
        {
            byte[] value = (await database.StringGetAsync(Name))!;
            context.Response.ContentLength = value.Length;
            await context.Response.BodyWriter.WriteAsync(value, context.RequestAborted);
        });
        await app.StartAsync(cancellationToken);
        await Console.Out.WriteLineAsync(app.Urls.First());
        await Console.In.ReadToEndAsync(cancellationToken);
        return 0;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
