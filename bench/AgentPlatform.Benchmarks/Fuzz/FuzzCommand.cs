using System.Globalization;
using System.Text.Json;
using AgentPlatform.Benchmarks.Stack;
using AgentPlatform.Benchmarks.Throughput;
using AgentPlatform.Core.Wire;
using AgentPlatform.Tests.Fuzzing;

namespace AgentPlatform.Benchmarks.Fuzz;

/// <summary>
/// Hostile requests to every route of a running stack, half of them after the other half: is any a fault of the server, does any hang, does memory grow, is every line of the
/// logs still JSON?
/// </summary>
internal static class FuzzCommand
{
    private const string Api = "api-1";
    private const string Executor = "executor-1";

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var options = FuzzOptions.Parse(arguments);
        await using var model = await CannedModel.StartAsync(cancellationToken);
        await using var stack = await StackUnderLoad.StartAsync(model.BaseUrl, cancellationToken);
        var executor = new Uri(stack.Resources().Single(resource => resource.Name == Executor).Address);
        var toApi = new FuzzCampaign(new FuzzRequests(await DoorsAsync(stack.Address, cancellationToken), options.Seed), new FuzzClient(stack.Address, TimeProvider.System));
        var toExecutor = new FuzzCampaign(
            new FuzzRequests(FuzzDoors.OfExecutor, options.Seed, (InternalWire.KeyHeader, StackUnderLoad.InternalKey), (InternalWire.TenantHeader, "fuzz")),
            new FuzzClient(executor, TimeProvider.System));

        List<MemoryMark> memory = [MemoryMark.Of(stack, 0, Api, Executor)];
        for (var quarter = 1; quarter <= 4; quarter++)
        {
            await toApi.RunAsync(options.Requests / 6, cancellationToken);
            await toExecutor.RunAsync(options.Requests / 12, cancellationToken);
            memory.Add(MemoryMark.Of(stack, quarter * (options.Requests / 4), Api, Executor));
        }

        var broken = stack.Resources().Where(resource => resource.Name is Api or Executor).Sum(BrokenLines);
        FuzzReport.Print([("API", toApi), ("executor", toExecutor)], memory, broken);
        return toApi.Faults.IsEmpty && toExecutor.Faults.IsEmpty && broken == 0 && MemoryMark.HasSettled(memory) ? 0 : 1;
    }

    private static async Task<FuzzDoor[]> DoorsAsync(Uri api, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = api };
        var document = JsonElement.Parse(await client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative), cancellationToken));
        return [.. FuzzDoors.OfApi(document), .. FuzzDoors.OfMcp];
    }

    private static int BrokenLines(StackResource process)
    {
        using var file = new FileStream(process.Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd().Split('\n').SkipLast(1).Count(line => !IsObject(line));
    }

    private static bool IsObject(string line)
    {
        try
        {
            return JsonElement.Parse(line).ValueKind == JsonValueKind.Object;
        }
        catch (JsonException exception)
        {
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{exception.Message}: {line}"));
            return false;
        }
    }
}
