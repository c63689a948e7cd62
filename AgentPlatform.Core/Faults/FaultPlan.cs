using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace AgentPlatform.Core.Faults;

/// <summary>
/// The faults one question shall meet, as people write them: <c>model=500*1, tool=stall, direct=latency:2s</c>. <c>*n</c> limits a fault to n calls,
/// <c>@k</c> lets it begin with the k-th.
/// </summary>
public sealed partial class FaultPlan
{
    private const int MaxFaults = 16;
    private static readonly TimeSpan LongestLatency = TimeSpan.FromMinutes(10);

    private readonly string _text;

    private FaultPlan(string text, IReadOnlyList<Fault> faults) => (_text, Faults) = (text, faults);

    public IReadOnlyList<Fault> Faults { get; }

    /// <param name="mistake">A sentence for the one who wrote it: what is wrong, and what there is.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out FaultPlan? plan, [NotNullWhen(false)] out string? mistake)
    {
        (plan, mistake) = (null, null);
        var faults = new List<Fault>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (Read(part) is not { } fault)
            {
                mistake = $"There is no fault '{part}'. Known: {FaultWords.Listed}. Each may end in @k (from the k-th call on) and *n (n calls), as in model=500*1.";
                return false;
            }

            faults.Add(fault);
        }

        if (faults.Count > MaxFaults)
        {
            mistake = $"At most {MaxFaults} faults can be made at once.";
            return false;
        }

        plan = new FaultPlan(text, faults);
        return true;
    }

    /// <summary>As it was written.</summary>
    public override string ToString() => _text;

    private static Fault? Read(string part)
    {
        if (Form().Match(part) is not { Success: true } form
            || !Enum.TryParse<FaultPoint>(form.Groups["point"].Value, ignoreCase: true, out var point)
            || !TryCount(form.Groups["from"], 1, out var from)
            || !TryCount(form.Groups["times"], int.MaxValue, out var times))
        {
            return null;
        }

        var word = form.Groups["word"].Value;
        foreach (var (known, kind) in FaultWords.Known[point])
        {
            var delay = TimeSpan.Zero;
            if (kind == FaultKind.Latency ? IsLatency(word, out delay) : word == known)
            {
                return new Fault(point, kind, delay, from, times);
            }
        }

        return null;
    }

    private static bool TryCount(Group group, int otherwise, out int count)
    {
        count = otherwise;
        return !group.Success || (int.TryParse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count > 0);
    }

    private static bool IsLatency(string word, out TimeSpan delay)
    {
        delay = default;
        if (!word.StartsWith(FaultWords.Latency, StringComparison.Ordinal)
            || Duration().Match(word[FaultWords.Latency.Length..]) is not { Success: true } form
            || !double.TryParse(form.Groups["number"].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        var seconds = form.Groups["unit"].Value == "ms" ? number / 1000 : number;
        if (seconds > LongestLatency.TotalSeconds)
        {
            return false;
        }

        delay = TimeSpan.FromSeconds(seconds);
        return true;
    }

    [GeneratedRegex(@"^(?<point>[a-z]+)=(?<word>[a-z0-9_:.]+)(@(?<from>\d{1,6}))?(\*(?<times>\d{1,6}))?$")]
    private static partial Regex Form();

    [GeneratedRegex(@"^(?<number>\d{1,6}(\.\d{1,3})?)(?<unit>ms|s)$")]
    private static partial Regex Duration();
}
