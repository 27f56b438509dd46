/** Entry of a comparison's page. */
import { registerControls } from '../controls';
import '../base.css';
import '../document.css';
import '../charts.css';
import '../framedTables.css';
import './styles/page.css';
import { ComparisonPage } from './page';

registerControls();
const page = new ComparisonPage(acquireVsCodeApi(), document.getElementById('root') ?? document.body);
void page.start();
