using Spectre.Console;

namespace AgentPlatform.AppHost.Local;

/// <summary>The AppHost's console: colours on a terminal, plain lines when the output is redirected.</summary>
internal sealed class StackConsole
{
    private readonly Lock _gate = new();
    private readonly bool _plain = Console.IsOutputRedirected;

    public void Info(string line) => Write(line, "default");

    public void Warn(string line) => Write(line, "yellow");

    public void Error(string line)
    {
        lock (_gate)
        {
            Console.Error.WriteLine(line);
        }
    }

    public void FromChild(string name, string line) => Write($"[{name}] {line}", "grey");

    public void Table(IReadOnlyList<ResourceStatus> rows)
    {
        lock (_gate)
        {
            if (_plain)
            {
                foreach (var row in rows)
                {
                    Console.WriteLine($"{row.Name,-12} {row.State,-10} {row.Address,-26} pid {row.Pid,-8} {Path.GetFileName(row.Log)}");
                }

                return;
            }

            var table = new Table().Border(TableBorder.Rounded).AddColumns("resource", "state", "address", "pid", "log");
            foreach (var row in rows)
            {
                table.AddRow(Markup.Escape(row.Name), row.State.ToString(), Markup.Escape(row.Address), $"{row.Pid}", Markup.Escape(Path.GetFileName(row.Log)));
            }

            AnsiConsole.Write(table);
        }
    }

    private void Write(string line, string style)
    {
        lock (_gate)
        {
            if (_plain)
            {
                Console.WriteLine(line);
            }
            else
            {
                AnsiConsole.MarkupLine($"[{style}]{Markup.Escape(line)}[/]");
            }
        }
    }
}
