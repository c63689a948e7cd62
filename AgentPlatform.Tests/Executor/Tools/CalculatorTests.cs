using System.Diagnostics;
using AgentPlatform.Executor.Tools.Calculator;
using Xunit;

namespace AgentPlatform.Tests.Executor.Tools;

public sealed class CalculatorTests
{
    [Theory]
    [InlineData("2340*17/100 + 3^4", "478.8")]
    [InlineData("17% of 2340 + 3^4", "478.8")]
    [InlineData("17%*2340+3**4", "478.8")]
    [InlineData("0.1 + 0.2", "0.3")]
    [InlineData("1/3*3", "1")]
    [InlineData("2/3*3", "2")]
    [InlineData("1/3", "0.3333333333333333")]
    [InlineData("10/4", "2.5")]
    [InlineData("1e15/3", "333333333333333.333333")]
    [InlineData("2 + 3 * 4", "14")]
    [InlineData("(2 + 3) * 4", "20")]
    [InlineData("2^10", "1024")]
    [InlineData("2^3^2", "512")]
    [InlineData("-2^2", "-4")]
    [InlineData("(-2)^2", "4")]
    [InlineData("2^-1", "0.5")]
    [InlineData("2--3", "5")]
    [InlineData("4^0.5", "2")]
    [InlineData("27^(1/3)", "3")]
    [InlineData("0^0", "1")]
    [InlineData("1.1^10", "2.5937424601")]
    [InlineData("2^100", "1.26765060022823e+30")]
    [InlineData("99999999999999999999 + 1", "100000000000000000000")]
    [InlineData("0.0000000000001 * 0.0000000000001 * 0.0000000000001", "1e-39")]
    [InlineData("1,234,567 + 1", "1234568")]
    [InlineData("1_000_000 / 3.2", "312500")]
    [InlineData("6 × 7 ÷ 2 − 1", "20")]
    [InlineData("（１＋２）＊３", "9")]
    [InlineData("3² + 2³ + 10⁻² + 2¹⁰", "1041.01")]
    [InlineData("√16 + √(2+7)", "7")]
    [InlineData("sqrt(2)", "1.4142135623731")]
    [InlineData("sqrt(2)^2", "2")]
    [InlineData("sqrt(1.44)", "1.2")]
    [InlineData("abs(-3.5)", "3.5")]
    [InlineData("round(2.345, 2)", "2.35")]
    [InlineData("round(2.5)", "3")]
    [InlineData("floor(-1.5) + ceil(1.2) + trunc(9.9)", "9")]
    [InlineData("min(3, 1, 2) + max(1,200,3)", "201")]
    [InlineData("sum(1,2,3) / avg(1,2,3)", "3")]
    [InlineData("pow(2, 0.5)", "1.4142135623731")]
    [InlineData("10 % 3", "1")]
    [InlineData("mod(-7, 3)", "2")]
    [InlineData("50% - 3", "-2.5")]
    [InlineData("gcd(48, 18)", "6")]
    [InlineData("fact(5) + fact(0)", "121")]
    [InlineData("fact(25)", "15511210043330985984000000")]
    [InlineData("ln(e)", "1")]
    [InlineData("log10(1000) + log2(8) + log(81, 3)", "10")]
    [InlineData("sin(pi) + cos(0)", "1")]
    [InlineData("deg(π)", "180")]
    [InlineData("1.5e3 + 2E-3", "1500.002")]
    [InlineData("2+2=?", "4")]
    [InlineData("0 * -1", "0")]
    [InlineData(" \n 5 \t", "5")]
    public void An_expression_has_the_value_it_has_on_paper(string expression, string value) =>
        Assert.Equal(value, CalculatorPlugin.Calculate(expression));

    [Theory]
    [InlineData("1/0", "Division by zero: the expression has no value.")]
    [InlineData("5 % 0", "Division by zero: the expression has no value.")]
    [InlineData("0^-1", "Division by zero: zero has no negative power.")]
    [InlineData("9^9^9^9", "The result is too large to write down.")]
    [InlineData("sqrt(-1)", "The result is not a real number.")]
    [InlineData("(-8)^(1/3)", "The result is not a real number.")]
    [InlineData("ln(0)", "A logarithm needs a number greater than zero.")]
    [InlineData("log(5)", "log takes 2, not 1. Write ln(x), log10(x) or log(x, base).")]
    [InlineData("round(1,234.5, 1)", "round takes 1 or 2, not 3. Write numbers in a call without thousands separators.")]
    [InlineData("   ", "The expression is empty. Example: 2340*17/100 + 3^4")]
    [InlineData("2 +", "The expression ends where a number was expected.")]
    [InlineData("(2 + 3", "The expression ends where ')' was expected.")]
    [InlineData("2 (3)", "'(3)' at position 3 cannot be read. Use numbers, + - * / ^ %, parentheses and functions, with * between factors.")]
    [InlineData("1,5", "',5' at position 2 cannot be read. Use numbers, + - * / ^ %, parentheses and functions, with * between factors.")]
    [InlineData("1.2.3", "'1.2.3' is not a number. Decimals have one point: 1234.56")]
    [InlineData("2⁴⁵x", "'x' at position 5 cannot be read. Use numbers, + - * / ^ %, parentheses and functions, with * between factors.")]
    [InlineData("x + 1", "'x' is not known. Put its number in its place; the constants are pi and e.")]
    [InlineData("sqrt", "'sqrt' is a function: write sqrt(…).")]
    [InlineData("fact(171)", "Here only an integer from 0 to 170 can stand, not 171.")]
    [InlineData("System.IO.File.ReadAllText(1)", "'system' is not known. Put its number in its place; the constants are pi and e.")]
    public void What_has_no_value_is_explained(string expression, string explanation) =>
        Assert.Equal(explanation, Assert.Throws<ToolException>(() => CalculatorPlugin.Calculate(expression)).Message);

    [Fact]
    public void Unknown_functions_are_answered_with_those_that_exist() =>
        Assert.StartsWith(
            "There is no function 'exec'. Known: abs acos asin",
            Assert.Throws<ToolException>(() => CalculatorPlugin.Calculate("exec(1)")).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("(", 400)]
    [InlineData("-", 900)]
    [InlineData("√", 900)]
    [InlineData("2^", 450)]
    [InlineData("9^9+", 240)]
    [InlineData("fact(170)*", 99)]
    [InlineData("1,111", 190)]
    [InlineData("9", 5_000)]
    public void No_expression_takes_long_or_much_depth(string part, int times)
    {
        var watch = Stopwatch.StartNew();

        Record.Exception(() => CalculatorPlugin.Calculate(string.Concat(Enumerable.Repeat(part, times)) + "1"));

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1), $"took {watch.Elapsed}");
    }
}
