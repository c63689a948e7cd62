namespace AgentPlatform.Core.ChatModels.Builtin.Arithmetic;

/// <summary>A part of an expression, written out.</summary>
/// <param name="Rank">How tightly its outermost operation binds: 1 sum, 2 product, 3 power, 4 number or brackets.</param>
/// <param name="Percent">For a bare percentage, its number: "10%" → 10.</param>
internal sealed record Node(string Text, int Rank, string? Percent = null)
{
    public const int Sum = 1;
    public const int Product = 2;
    public const int Power = 3;
    public const int Atom = 4;

    /// <summary>The text, in brackets when it binds less tightly than its place needs.</summary>
    public string At(int rank) => Rank < rank ? $"({Text})" : Text;
}
