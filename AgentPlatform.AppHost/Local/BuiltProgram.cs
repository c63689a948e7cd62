using System.Reflection;

namespace AgentPlatform.AppHost.Local;

/// <summary>A program that was built together with the AppHost.</summary>
/// <param name="Library">Path of its <c>.dll</c>.</param>
internal sealed record BuiltProgram(string Library)
{
    public static BuiltProgram AppHost { get; } = new(typeof(BuiltProgram).Assembly.Location);

    /// <summary>The service of that assembly name, at the path the build wrote into this assembly.</summary>
    public static BuiltProgram Service(string assembly) =>
        new(typeof(BuiltProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == assembly).Value!);

    /// <summary>The project's folder, where its settings and agents can be edited while it runs; the output folder when there is none.</summary>
    public string ContentFolder
    {
        get
        {
            var output = Path.GetDirectoryName(Library)!;
            for (var folder = new DirectoryInfo(output); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, Path.GetFileNameWithoutExtension(Library) + ".csproj")))
                {
                    return folder.FullName;
                }
            }

            return output;
        }
    }

    /// <summary>Its own executable; through <c>dotnet</c> when that is how the AppHost runs, which may then be the only way.</summary>
    public LaunchCommand Command(params IReadOnlyList<string> arguments)
    {
        if (!File.Exists(Library))
        {
            throw new StartFailedException($"{Library} is missing. Build the solution first: dotnet build");
        }

        var executable = Path.Combine(Path.GetDirectoryName(Library)!, Executables.FileName(Path.GetFileNameWithoutExtension(Library)));
        var host = Environment.ProcessPath;
        return Path.GetFileNameWithoutExtension(host) == "dotnet" || !File.Exists(executable)
            ? new LaunchCommand(host!, ["exec", Library, .. arguments])
            : new LaunchCommand(executable, arguments);
    }
}
