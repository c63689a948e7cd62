using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.SemanticKernel;

namespace AgentPlatform.Tests.Executor.Tools;

/// <summary>Tools that behave in every way an invoker must stand.</summary>
internal sealed class TestPlugin
{
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Entered => _entered.Task;

    [KernelFunction("echo")]
    [Description("Says it again.")]
    [ToolEffect(ToolEffect.Pure, MaxResultLength = 120)]
    public static string Echo(
        [Description("What to say")] string text,
        [Range(1, 5)] int times = 1,
        Colour colour = Colour.DarkRed,
        CancellationToken cancellationToken = default) => string.Concat(Enumerable.Repeat(text, times)) + (colour is Colour.Green ? "!" : "");

    [KernelFunction("order")]
    [Description("An object in, an object out.")]
    [ToolEffect(ToolEffect.Read)]
    public static Order Place(Order order) => order with { Amount = order.Amount * 2 };

    [KernelFunction("undeclared")]
    public static void Undeclared()
    {
    }

    [KernelFunction("write_once")]
    [ToolEffect(ToolEffect.Idempotent)]
    public static string WriteOnce(ToolCallContext call, string what) => $"{what} under {call.IdempotencyKey} for {call.TenantId}";

    [KernelFunction("explain")]
    [ToolEffect(ToolEffect.Pure)]
    public static string Explain() => throw new ToolException("Give a smaller number.");

    [KernelFunction("crash")]
    [ToolEffect(ToolEffect.Pure)]
    public static string Crash() => throw new InvalidOperationException("password=hunter2 at /etc/secret");

    [KernelFunction("crash_later")]
    [ToolEffect(ToolEffect.Pure)]
    public static async Task<string> CrashLaterAsync()
    {
        await Task.Yield();
        throw new TaskCanceledException("password=hunter2");
    }

    [KernelFunction("wait")]
    [ToolEffect(ToolEffect.Write, DeadlineSeconds = 7)]
    public async Task<string> WaitAsync(CancellationToken cancellationToken)
    {
        _entered.TrySetResult();
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return "never";
    }

    [KernelFunction("deaf")]
    [ToolEffect(ToolEffect.Read, DeadlineSeconds = 7)]
    public async Task<string> DeafAsync()
    {
        _entered.TrySetResult();
        await Task.Delay(Timeout.Infinite, CancellationToken.None);
        return "never";
    }
}

internal enum Colour
{
    DarkRed,
    Green,
}

internal sealed record Order(string Item, decimal Amount, string? Note = null);
