using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.SemanticKernel;

namespace AgentPlatform.Executor.Tools.Calculator;

/// <summary>Arithmetic, so that the model need not guess it.</summary>
internal sealed class CalculatorPlugin
{
    [KernelFunction("calculator")]
    [Description("""
        Evaluates an arithmetic expression exactly. Operators + - * / ^ and parentheses; 17% is 0.17, "17% of 2340" works.
        Functions: sqrt cbrt abs round(x, digits) floor ceil trunc min max sum avg pow mod gcd fact exp ln log2 log10 log(x, base)
        sin cos tan asin acos atan atan2 (radians) deg rad. Constants pi, e. Example: 2340*17/100 + 3^4
        """)]
    [ToolEffect(ToolEffect.Pure, DeadlineSeconds = 5, MaxResultLength = 200)]
    public static string Calculate(
        [Description("The expression, with numbers only: 2340*17/100 + 3^4")]
        [StringLength(ExpressionReader.MaxLength, MinimumLength = 1)]
        string expression) => new ExpressionParser(expression).Evaluate().ToString();
}
