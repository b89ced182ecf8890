//! Many TOML files into one JSON text, which is quicker to read: by the build
//! script for the files of `schema/skills/`, by the program for others.

/// Joins skill files: `{"skill": [blocks by id], "redirects": {old: new}}`.
/// Equal blocks give equal bytes, in whatever files and order they stand.
///
/// # Errors
/// The name of the file that is not TOML, and why.
pub(crate) fn bundle(files: &[(String, String)]) -> Result<String, (String, Box<toml::de::Error>)> {
    let mut blocks: Vec<toml::Value> = Vec::new();
    let mut redirects = toml::Table::new();
    for (name, text) in files {
        let mut file: toml::Table =
            toml::from_str(text).map_err(|error| (name.clone(), Box::new(error)))?;
        for mut block in match file.remove("skill") {
            Some(toml::Value::Array(blocks)) => blocks,
            _ => Vec::new(),
        } {
            if let Some(block) = block.as_table_mut() {
                block.insert("file".to_owned(), toml::Value::String(name.clone()));
            }
            blocks.push(block);
        }
        if let Some(toml::Value::Table(more)) = file.remove("redirects") {
            redirects.extend(more);
        }
        if let Some((key, _)) = file.into_iter().next() {
            // Whatever else a file holds is a slip of the pen.
            let error = serde::de::Error::custom(format!("unknown table `{key}`"));
            return Err((name.clone(), Box::new(error)));
        }
    }
    let id = |block: &toml::Value| {
        block
            .get("id")
            .and_then(|id| id.as_str())
            .unwrap_or_default()
            .to_owned()
    };
    blocks.sort_by_key(id);
    let whole = serde_json::json!({ "skill": blocks, "redirects": redirects });
    Ok(whole.to_string())
}
