using System.Collections;
using System.Globalization;
using System.Reflection;

namespace Sekisho.Options;

/// <summary>Puts configuration into the options, and names every key that is unknown and every value of the wrong type, each with an example.</summary>
/// <remarks>.NET's binder ignores unknown keys or stops at the first, and an operator wants all of his typing errors at once.</remarks>
internal static class OptionsBinding
{
    /// <summary>Binds a section, deep.</summary>
    public static void Bind(IConfiguration section, object target, List<string> faults, string path = "")
    {
        foreach (var child in section.GetChildren())
        {
            var name = path.Length == 0 ? child.Key : $"{path}:{child.Key}";
            var property = Properties(target.GetType()).FirstOrDefault(p => p.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            if (property is null)
            {
                faults.Add($"{name}: no such setting. Known here: {string.Join(", ", Properties(target.GetType()).Select(p => p.Name))}");
                continue;
            }

            var known = path.Length == 0 ? property.Name : $"{path}:{property.Name}";
            var value = property.GetValue(target);
            if (IsScalar(property.PropertyType))
            {
                if (child.GetChildren().Any())
                {
                    faults.Add($"{known}: one value is expected, such as {Example(property.PropertyType)}");
                }
                else if (TryConvert(child.Value, property.PropertyType, out var converted))
                {
                    property.SetValue(target, converted);
                }
                else
                {
                    faults.Add($"{known}: \"{child.Value}\" is not {Describe(property.PropertyType)}. Example: {Example(property.PropertyType)}");
                }
            }
            else if (value is IDictionary dictionary)
            {
                BindDictionary(child, dictionary, property.PropertyType.GetGenericArguments()[1], faults, known);
            }
            else if (value is IEnumerable collection)
            {
                BindCollection(child, collection, property.PropertyType.GetGenericArguments()[0], faults, known);
            }
            else if (child.Value is { Length: > 0 })
            {
                faults.Add($"{known}: a group of settings is expected, such as {{ \"{Properties(property.PropertyType).First().Name}\": … }}");
            }
            else
            {
                Bind(child, value!, faults, known);
            }
        }
    }

    /// <summary>The settings of a group, in order.</summary>
    public static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.SetMethod is not null && !(type == typeof(SekishoOptions) && p.Name == nameof(SekishoOptions.Home)));

    private static void BindDictionary(IConfigurationSection section, IDictionary target, Type valueType, List<string> faults, string path)
    {
        foreach (var child in section.GetChildren())
        {
            if (TryConvert(child.Value, valueType, out var converted))
            {
                target[child.Key] = converted;
            }
            else
            {
                faults.Add($"{path}:{child.Key}: \"{child.Value}\" is not {Describe(valueType)}. Example: {Example(valueType)}");
            }
        }
    }

    private static void BindCollection(IConfigurationSection section, IEnumerable target, Type itemType, List<string> faults, string path)
    {
        if (section.Value is { Length: > 0 })
        {
            faults.Add($"{path}: a list is expected, such as [ {(IsScalar(itemType) ? Example(itemType) : "{ … }")} ]");
            return;
        }

        var add = target.GetType().GetMethod("Add", [itemType])!;
        foreach (var child in section.GetChildren())
        {
            if (!IsScalar(itemType))
            {
                var item = Activator.CreateInstance(itemType)!;
                Bind(child, item, faults, $"{path}:{child.Key}");
                add.Invoke(target, [item]);
            }
            else if (TryConvert(child.Value, itemType, out var converted))
            {
                add.Invoke(target, [converted]);
            }
            else
            {
                faults.Add($"{path}:{child.Key}: \"{child.Value}\" is not {Describe(itemType)}. Example: {Example(itemType)}");
            }
        }
    }

    private static bool IsScalar(Type type) =>
        Nullable.GetUnderlyingType(type) is { } inner ? IsScalar(inner)
        : type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(TimeSpan);

    private static bool TryConvert(string? text, Type type, out object? value)
    {
        value = null;
        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return string.IsNullOrEmpty(text) || TryConvert(text, inner, out value);
        }

        if (type == typeof(string))
        {
            value = text ?? "";
            return true;
        }

        if (text is null)
        {
            return false;
        }

        if (type.IsEnum)
        {
            return !char.IsAsciiDigit(text.FirstOrDefault()) && Enum.TryParse(type, text, ignoreCase: true, out value);
        }

        if (type == typeof(bool))
        {
            var ok = bool.TryParse(text, out var flag);
            value = flag;
            return ok;
        }

        if (type == typeof(TimeSpan))
        {
            // "30" alone would be thirty days: ask for a colon.
            var ok = TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) && text.Contains(':', StringComparison.Ordinal);
            value = span;
            return ok;
        }

        try
        {
            value = Convert.ChangeType(text, type, CultureInfo.InvariantCulture);
            return true;
        }
        catch (Exception e) when (e is FormatException or OverflowException or InvalidCastException)
        {
            return false;
        }
    }

    private static string Describe(Type type) =>
        Nullable.GetUnderlyingType(type) is { } inner ? Describe(inner)
        : type == typeof(bool) ? "true or false"
        : type == typeof(TimeSpan) ? "a time span (days.hours:minutes:seconds)"
        : type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type))}"
        : type == typeof(string) ? "a text"
        : "a whole number";

    private static string Example(Type type) =>
        Nullable.GetUnderlyingType(type) is { } inner ? Example(inner)
        : type == typeof(bool) ? "true"
        : type == typeof(TimeSpan) ? "\"00:05:00\" for five minutes"
        : type.IsEnum ? $"\"{Enum.GetNames(type)[0]}\""
        : type == typeof(string) ? "\"text\""
        : "100";
}
