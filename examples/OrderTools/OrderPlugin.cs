using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AgentPlatform.Tools;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.SemanticKernel;

namespace OrderTools;

/// <summary>
/// Orders of a shop, as tools. A real one would ask the shop's API, through an <see cref="HttpClient"/> that it takes in its constructor too;
/// this one keeps three orders in memory.
/// </summary>
public sealed partial class OrderPlugin(IConfiguration settings, TimeProvider time, ILogger<OrderPlugin> logger)
{
    private readonly Orders _orders = new(time);
    private readonly TimeSpan _cancelWithin = TimeSpan.TryParse(settings["CancelWithin"], out var within) ? within : TimeSpan.FromDays(14);

    [KernelFunction("order_status")]
    [Description("Tells the state of an order of the shop, and when it was placed.")]
    [ToolEffect(ToolEffect.Read, DeadlineSeconds = 5)]
    public Order Status([Description("Number of the order, such as 4711."), Range(1, 99_999)] int number) => Find(number);

    // A write that may be repeated: an interrupted call comes again with the same key, and finds what it did.
    [KernelFunction("order_cancel")]
    [Description("Cancels an order that has not been shipped yet.")]
    [ToolEffect(ToolEffect.Idempotent, DeadlineSeconds = 10)]
    public Order Cancel(
        [Description("Number of the order."), Range(1, 99_999)] int number,
        [Description("Why, in the customer's words."), StringLength(500)] string reason,
        ToolCallContext call)
    {
        var order = Find(number);
        if (order.State is OrderState.Shipped || time.GetUtcNow() - order.Placed > _cancelWithin)
        {
            throw new ToolException($"Order {number} cannot be cancelled any more: it is {order.State.ToString().ToLowerInvariant()}. Offer to return it instead.");
        }

        LogCancelled(number, reason.Length, call.RunId);
        return _orders.Cancel(number, call.IdempotencyKey);
    }

    private Order Find(int number) => _orders.Find(number)
        ?? throw new ToolException($"There is no order {number}. Ask the customer for the number on the invoice.", ToolErrorKind.InvalidArguments);

    [LoggerMessage(Level = LogLevel.Information, Message = "Order {Number} is cancelled, with a reason of {Length} characters, by run {RunId}")]
    private partial void LogCancelled(int number, int length, Guid runId);
}
