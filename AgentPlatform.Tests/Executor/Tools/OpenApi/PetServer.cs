using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Xunit;

namespace AgentPlatform.Tests.Executor.Tools.OpenApi;

/// <summary>A server that does what the pet store's document says, as far as the tests go, and keeps what it was asked.</summary>
internal sealed class PetServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<long, JsonObject> _pets = new();
    private WebSite _site = null!;

    public ConcurrentQueue<(string Line, string Body, IHeaderDictionary Headers)> Received { get; } = new();

    public int Port => _site.Port;

    public string Url => $"http://localhost:{Port}/v2";

    public (string Line, string Body, IHeaderDictionary Headers) Last => Received.Last();

    public static async Task<PetServer> StartAsync()
    {
        var server = new PetServer();
        server._site = await WebSite.StartAsync(
            routes =>
            {
                routes.MapGet("/v2/pet/findByStatus", (string[] status) => Results.Json(server._pets.Values.Where(pet => status.Contains(pet["status"]?.ToString()))));
                routes.MapGet("/v2/pet/{id:long}", (long id) => server._pets.TryGetValue(id, out var pet) ? Results.Json(pet) : Results.Text("Pet not found", statusCode: 404));
                routes.MapPost("/v2/pet", (HttpContext context) => server.Put(context, 7));
                routes.MapPut("/v2/pet", (HttpContext context) => server.Put(context, 7));
                routes.MapDelete("/v2/pet/{id:long}", (long id) => server._pets.TryRemove(id, out _) ? Results.NoContent() : Results.NotFound());
                routes.MapGet("/v2/store/inventory", async (HttpContext context) =>
                {
                    // Never answers: until whoever asks gives up.
                    await Task.Delay(Timeout.Infinite, context.RequestAborted);
                });
                routes.Map("/{**rest}", () => Results.Text("ok"));
            },
            server.KeepAsync,
            TestContext.Current.CancellationToken);
        return server;
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    private IResult Put(HttpContext context, long id)
    {
        var pet = JsonNode.Parse(Last.Body)!.AsObject();
        if (pet["name"]?.ToString() is "")
        {
            return Results.Text("Invalid input: a pet has a name", statusCode: 400);
        }

        pet["id"] = id;
        _pets[id] = pet;
        context.Response.Headers.Location = string.Create(CultureInfo.InvariantCulture, $"/v2/pet/{id}");
        return Results.Json(pet);
    }

    private async Task KeepAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var headers = new HeaderDictionary(context.Request.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase));
        Received.Enqueue(($"{context.Request.Method} {target}", await reader.ReadToEndAsync(context.RequestAborted), headers));
    }
}
