using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace AgentPlatform.Core.ChatModels.OpenAICompatible;

/// <summary>Asks <c>GET {endpoint}/models</c> for the one model that an endpoint serves when no setting names it.</summary>
internal sealed class ModelDiscovery(IHttpClientFactory clients, TimeProvider time)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private const int NamesShown = 8;

    /// <exception cref="InvalidOperationException">No single model could be found; the message names the setting.</exception>
    public async Task<string> FindModelAsync(ModelSettings settings, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var obstacle = "it did not answer";
        try
        {
            while (true)
            {
                try
                {
                    return Single(settings, await ListAsync(settings, either.Token));
                }
                catch (HttpRequestException failure) when (failure.StatusCode is null or >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests)
                {
                    // A model server that starts together with us may not listen yet.
                    obstacle = failure.StatusCode is { } status ? $"it answered {(int)status}" : "it could not be reached";
                }
                catch (Exception failure) when (failure is HttpRequestException or JsonException)
                {
                    var answer = failure is HttpRequestException { StatusCode: { } status } ? $"it answered {(int)status}" : "its answer is no list of models";
                    throw Failure(settings, answer, failure);
                }

                await Task.Delay(Pause, time, either.Token);
            }
        }
        catch (OperationCanceledException timeout) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failure(settings, $"{obstacle} within {Deadline.TotalSeconds:0} s", timeout);
        }
    }

    private async Task<IReadOnlyList<string>> ListAsync(ModelSettings settings, CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(ModelHttpClient.Name);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{settings.Endpoint!.AbsoluteUri.TrimEnd('/')}/models");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", settings.ApiKey ?? OpenAIChatClients.NoKey);
        using var response = await client.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        var list = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return list.ValueKind == JsonValueKind.Object && list.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Array
            ? [.. data.EnumerateArray().Select(Id).OfType<string>()]
            : throw new JsonException("No array \"data\".");
    }

    private static string? Id(JsonElement model) =>
        model.ValueKind == JsonValueKind.Object && model.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String ? id.GetString() : null;

    private static string Single(ModelSettings settings, IReadOnlyList<string> names) => names.Count switch
    {
        1 => names[0],
        0 => throw Failure(settings, "it lists no model"),
        _ => throw Failure(settings, $"it lists {names.Count} models ({string.Join(", ", names.Take(NamesShown))}{(names.Count > NamesShown ? ", …" : "")})"),
    };

    private static InvalidOperationException Failure(ModelSettings settings, string why, Exception? inner = null) =>
        new($"Model \"{settings.Name}\": set {settings.ModelSetting}. The endpoint {settings.Endpoint!.Authority} was asked for its only model, but {why}.", inner);
}
