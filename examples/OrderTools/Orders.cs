using System.Collections.Concurrent;

namespace OrderTools;

/// <summary>What a shop would keep in its database.</summary>
internal sealed class Orders(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Order> _done = new();
    private readonly ConcurrentDictionary<int, Order> _orders = new(new[]
    {
        new Order(4711, OrderState.Paid, time.GetUtcNow().AddDays(-1)),
        new Order(4712, OrderState.Shipped, time.GetUtcNow().AddDays(-3)),
        new Order(4713, OrderState.Paid, time.GetUtcNow().AddDays(-30)),
    }.ToDictionary(order => order.Number));

    public Order? Find(int number) => _orders.GetValueOrDefault(number);

    /// <summary>Once for each key: a repetition gets what the first one got.</summary>
    public Order Cancel(int number, string key) =>
        _done.GetOrAdd(key, _ => _orders.AddOrUpdate(number, _ => throw new KeyNotFoundException(), (_, order) => order with { State = OrderState.Cancelled }));
}
