namespace OrderTools;

public sealed record Order(int Number, OrderState State, DateTimeOffset Placed);

public enum OrderState
{
    Paid,
    Shipped,
    Cancelled,
}
