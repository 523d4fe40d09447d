"""The hall: what every page shares. Shell, components, words for codes, errors, language, registry of pages."""
